"""What is kept of a resource: named documents, which are JSON, and bytes."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_BYTES = "$bytes"


def _no_body() -> bytes:
    return b""


@dataclass(frozen=True, slots=True)
class Record:
    """One object, item, table, message or value. `name` tells it from the others of its resource; `body` is asked for only where it is needed."""

    name: str
    document: Any
    body: Callable[[], bytes] = _no_body


def packed(document: Any) -> str:
    """A document as JSON text, the same for the same document; bytes become {"$bytes": base64}."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, default=_encoded)


def unpacked(text: str) -> Any:
    """The document that `packed` gave this text for."""
    return json.loads(text, object_hook=_decoded)


def _encoded(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {_BYTES: base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _decoded(found: dict[str, Any]) -> Any:
    return base64.b64decode(found[_BYTES]) if found.keys() == {_BYTES} else found
