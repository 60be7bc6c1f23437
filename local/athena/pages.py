"""Pages of a list, as Athena's API gives them: the token is opaque there, and here the place of the next."""

import json
from collections.abc import Sequence
from typing import Any, Final

from moto.athena.responses import AthenaResponse

from local.athena.queries import InvalidRequestError

MAX_PAGE: Final = 50
"""Of databases, tables, catalogues and queries alike, by the API reference."""


def paged(self: AthenaResponse, key: str, found: Sequence[Any]) -> str:
    """Raises InvalidRequestError for a size or a token that is none."""
    size, token = int(self._get_param("MaxResults") or MAX_PAGE), self._get_param("NextToken") or "0"
    if not 1 <= size <= MAX_PAGE:
        raise InvalidRequestError(f"MaxResults must be between 1 and {MAX_PAGE}")
    if not token.isdecimal():
        raise InvalidRequestError("Invalid pagination token provided.")
    end = int(token) + size
    return json.dumps({key: found[int(token) : end], **({"NextToken": str(end)} if end < len(found) else {})})
