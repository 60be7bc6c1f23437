"""Words of the language that are refused by name, so that nobody takes them for a spelling mistake."""

from collections.abc import Mapping
from types import MappingProxyType

COMING_RULES = ("score",)
COMING_PARTS = ("timezone",)

NOT_BUILT: Mapping[str, str] = MappingProxyType(dict.fromkeys((*COMING_RULES, *COMING_PARTS), "is not built yet"))
"""What is said of each."""
