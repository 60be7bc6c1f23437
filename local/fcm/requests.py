"""What came, whichever HTTP it came by, and who answers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from local.fcm.answers import Answer


@dataclass(slots=True)
class Request:
    """`path` is without the query; the names of `headers` are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_send(self) -> bool:
        return self.path.endswith("/messages:send")

    @property
    def is_admin(self) -> bool:
        return self.path.startswith("/__admin/")


class Answerer(Protocol):
    """Answers at once; `Answer.delay` says when that is to be sent."""

    def answer(self, request: Request) -> Answer: ...
