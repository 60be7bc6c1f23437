"""WriteKeys on DynamoDB: the items `key#<digest>` of the table of sources, each remembered for a few seconds."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from regulars.adapters.aws import is_throttled
from regulars.adapters.dynamo_items import Items
from regulars.adapters.dynamo_sources import TABLE, key_of, source_key
from regulars.domain.collection.source import SourceKey
from regulars.domain.errors import StoreUnavailableError, TooManyRequestsError
from regulars.ports import Clock

REMEMBERED: Final = timedelta(seconds=5)
"""How old an answer may be. A key that was revoked is refused by each process when its answer is older."""

MOST_UNKNOWN: Final = 1_000
"""How many keys that are nobody's are remembered, 150 KB of them; then all of those are forgotten. A flood of made-up keys is read one by one."""


class _Answer(NamedTuple):
    key: SourceKey | None
    at: datetime


class DynamoWriteKeys:
    """Safe from any thread: whoever comes second reads what is there already."""

    def __init__(self, table: str, *, clock: Clock) -> None:
        self._items, self._clock = Items(table, TABLE, hurried=True), clock
        self._known: dict[str, _Answer] = {}
        self._unknown: dict[str, _Answer] = {}

    def find(self, digest: str) -> SourceKey | None:
        now = self._clock.now()
        answer = self._known.get(digest) or self._unknown.get(digest)
        if answer is None or not timedelta() <= now - answer.at < REMEMBERED:  # a clock that was set back ages it, too
            answer = self._read(digest, now)
        return answer.key

    def _read(self, digest: str, now: datetime) -> _Answer:
        try:
            item = self._items.get(key_of(digest), consistent=False)
        except StoreUnavailableError as error:
            if is_throttled(error.__cause__):
                raise TooManyRequestsError(str(error)) from error
            raise
        answer = _Answer(None if item is None else source_key(digest, item), now)
        if answer.key is not None:
            self._known[digest] = answer
        else:
            if len(self._unknown) >= MOST_UNKNOWN:
                self._unknown.clear()
            self._unknown[digest] = answer
        return answer
