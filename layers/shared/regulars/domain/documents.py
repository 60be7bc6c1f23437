"""JSON that is not ours to type: what a client sent, a definition as somebody put it, a profile's values."""

from collections.abc import Mapping
from typing import Any

JsonObject = Mapping[str, Any]
"""A JSON object, only ever read. Whatever we keep ourselves is a frozen type, and becomes JSON in the adapters."""
