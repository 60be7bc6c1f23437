"""The document of how a segment's refreshing stands, as JSON text."""

from typing import Final

from pydantic import TypeAdapter

from regulars.domain.refreshes import Refresh

_REFRESH: Final = TypeAdapter(Refresh)


def refresh_document(state: Refresh) -> str:
    return _REFRESH.dump_json(state).decode()


def refresh_of(document: str) -> Refresh:
    return _REFRESH.validate_json(document)
