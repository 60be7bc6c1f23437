"""One thing that a file says: a line of NDJSON, a row of CSV."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from regulars.domain.collection.rejection import EventRejectedError


class Record(NamedTuple):
    """It stands on the lines `line` to `through` (from 1) and means `events`, which are as a client would send them; or it cannot be read,
    and `refusal` says why, and `content` what it was."""

    line: int
    through: int
    events: Sequence[Any] = ()
    refusal: EventRejectedError | None = None
    content: Any = None
