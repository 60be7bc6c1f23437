"""The document of how a feed's polling stands, as JSON text."""

from typing import Final

from pydantic import TypeAdapter

from regulars.domain.content.feed import Polling

_POLLING: Final = TypeAdapter(Polling)


def polling_document(polling: Polling) -> str:
    return _POLLING.dump_json(polling).decode()


def polling_of(document: str) -> Polling:
    return _POLLING.validate_json(document)
