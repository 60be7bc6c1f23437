"""JourneyStore on a DynamoDB table: partition key `user_id`, sort key `what`.

    J#<journey>#<key>   where somebody is: `state`, and `outbox` where something is not done yet
    E#<errand>          an errand that was put off: `errand`
    A                   what came ahead of a run that nobody knows of yet: `ahead`
    registry            of the user id `!registry`: which journeys run (`dynamo_journey_registry`)

`version` is what a write expects. Whatever is to be looked after has a `place` and is `due` (microseconds since 1970), which make it part of the
index `due`; nothing else is in that, so counting a place counts who waits there. `edition` is the version of the journey that they go by. Steps are
spread over a few partitions, for one takes 1,000 writes a second (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html).
`expires_at` is the table's time to live.
"""

import heapq
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final, NamedTuple

from regulars.adapters.documents.journeys import (
    ahead_document,
    ahead_of,
    outbox_document,
    outbox_of,
    put_off_document,
    put_off_of,
    state_document,
    state_of,
)
from regulars.adapters.dynamo_items import Item, Items, PartiQl
from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.domain.journeys.ahead import Ahead
from regulars.domain.journeys.errand import Errand, Kept, OfPerson, PutOff
from regulars.domain.journeys.inputs import Again, Due
from regulars.ports import StateWrite, Waiting

PARTS: Final = 4
"""Of each step in the index: 4,000 people a second may come to it, or leave it."""

_COUNTERS: Final = ThreadPoolExecutor(PARTS, thread_name_prefix="waiting")
"""The parts of a step are counted side by side: a journey has up to a hundred steps. Has no thread before it is asked for one."""

_NO_STEP: Final = "!"
"""In the place of a step's name, which is none such: errands."""

_KEY: Final = ("user_id", "what")
_OPTIONAL: Final = ("outbox", "place", "due", "edition", "expires_at")
"""Of a state's item."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class _Found(NamedTuple):
    """An entry of the index."""

    due: int
    user_id: str
    what: str

    @property
    def at(self) -> datetime:
        return _EPOCH + self.due * _MICROSECOND


class DynamoJourneys:
    """One table."""

    def __init__(self, table: str) -> None:
        self._table, self._items = table, Items(table, "the table of journeys")

    def of(self, user_id: str) -> OfPerson:
        kept, put_off, ahead = list[tuple[Kept, int]](), list[PutOff](), tuple[Ahead, ...]()
        for item in self._items.query("user_id = :user", {":user": {"S": user_id}}):
            match item["what"]["S"].split("#", 2):
                case ["J", journey_id, key]:
                    kept.append((_kept(user_id, journey_id, key, item), int(item["version"]["N"])))
                case ["E", _]:
                    put_off.append(put_off_of(user_id, item["errand"]["S"]))
                case ["A"]:
                    ahead = ahead_of(item["ahead"]["S"])
        return OfPerson(tuple(kept), tuple(put_off), ahead)

    def put(self, writes: Sequence[StateWrite]) -> Mapping[int, ConflictError | StoreUnavailableError]:
        return self._items.attempt_each([self._statement(_item(each), each.expected) for each in writes])

    def _statement(self, item: Item, expected: int) -> PartiQl:
        """The whole item, or in the place of the one of that version: then what it does not have is taken away. SET and REMOVE may follow each other
        (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.update.html), and names in quotes may be reserved words."""
        if not expected:
            return f"""INSERT INTO "{self._table}" VALUE {{{", ".join(f"'{name}': ?" for name in item)}}}""", list(item.values())
        given = {name: value for name, value in item.items() if name not in _KEY}
        changes = [f'SET "{name}" = ?' for name in given] + [f'REMOVE "{name}"' for name in _OPTIONAL if name not in item]
        where = 'WHERE "user_id" = ? AND "what" = ? AND "version" = ?'
        return f'UPDATE "{self._table}" {" ".join(changes)} {where}', [*given.values(), item["user_id"], item["what"], {"N": str(expected)}]

    def remember(self, user_id: str, ahead: Sequence[Ahead], *, forgotten_at: datetime) -> None:
        key = {"user_id": {"S": user_id}, "what": {"S": "A"}}
        self._items.put({**key, "ahead": {"S": ahead_document(ahead)}, "expires_at": {"N": str(int(forgotten_at.timestamp()))}})

    def claim(self, claims: Sequence[tuple[PutOff, Errand]]) -> Mapping[int, ConflictError | StoreUnavailableError]:
        """What was read is the condition."""
        update = f'UPDATE "{self._table}" SET "errand" = ? WHERE "user_id" = ? AND "what" = ? AND "errand" = ?'
        return self._items.attempt_each(
            [
                (update, [_errand(this._replace(errand=errand)), {"S": errand.user_id}, {"S": f"E#{errand.id}"}, _errand(this)])
                for this, errand in claims
            ]
        )

    def put_off(self, this: PutOff) -> None:
        errand = this.errand
        key = {"user_id": {"S": errand.user_id}, "what": {"S": f"E#{errand.id}"}}
        place = _looked_after(errand.journey_id, _NO_STEP, errand.user_id, this.until)
        self._items.put({**key, **place, "errand": _errand(this)})

    def take_off(self, user_id: str, errand_id: str) -> None:
        self._items.delete({"user_id": {"S": user_id}, "what": {"S": f"E#{errand_id}"}})

    def due(self, journey_id: str, step: str, until: datetime, *, limit: int) -> Iterator[Due]:
        for found in self._due(journey_id, step, until, limit):
            _, its_journey, key = found.what.split("#", 2)
            yield Due(found.user_id, its_journey, key, found.at)

    def due_again(self, journey_id: str, until: datetime, *, limit: int) -> Iterator[Again]:
        for found in self._due(journey_id, _NO_STEP, until, limit):
            yield Again(found.user_id, found.what.removeprefix("E#"), found.at)

    def waiting(self, journey_id: str, step: str, *, versions: Collection[int] | None = None) -> Waiting:
        editions: Item = {f":edition{number}": {"N": str(version)} for number, version in enumerate(versions or ())}
        options = {"FilterExpression": f"edition IN ({', '.join(editions)})"} if editions else {}
        values = [{":place": {"S": place}, **editions} for place in _places(journey_id, step)] if versions is None or editions else []
        count = sum(each.result() for each in [_COUNTERS.submit(copy_context().run, self._count, value, options) for value in values])
        first = [found for value in values for found in islice(self._entries("place = :place", value, **options), 1)] if count else []
        return Waiting(count, min(first).at if first else None)

    def _count(self, values: Item, options: Mapping[str, Any]) -> int:
        return self._items.count("place = :place", values, IndexName="due", **options)

    def waiting_errands(self, journey_id: str) -> Waiting:
        return self.waiting(journey_id, _NO_STEP)

    def _due(self, journey_id: str, step: str, until: datetime, limit: int) -> Iterator[_Found]:
        """Those that are due first, of all parts."""
        moment = {":until": {"N": str(_microseconds(until))}}
        parts = (
            self._found("place = :place AND due <= :until", {":place": {"S": place}, **moment}, limit=limit) for place in _places(journey_id, step)
        )
        return heapq.merge(*parts)

    def _found(self, condition: str, values: Item, *, limit: int) -> Iterator[_Found]:
        return self._entries(condition, values, PaginationConfig={"MaxItems": limit, "PageSize": limit})

    def _entries(self, condition: str, values: Item, **options: Any) -> Iterator[_Found]:
        """In the order in which they are due."""
        items = self._items.query(condition, values, IndexName="due", **options)
        return (_Found(int(item["due"]["N"]), item["user_id"]["S"], item["what"]["S"]) for item in items)


def _item(write: StateWrite) -> Item:
    kept, state = write.kept, write.kept.state
    item: Item = {
        "user_id": {"S": state.user_id},
        "what": {"S": f"J#{kept.journey_id}#{state.key}"},
        "version": {"N": str(write.expected + 1)},
        "state": {"S": state_document(state)},
    }
    if kept.outbox:
        item["outbox"] = {"S": outbox_document(kept)}
    if write.wakes_at is not None:
        item |= _looked_after(kept.journey_id, state.step, state.user_id, write.wakes_at)
        item["edition"] = {"N": str(state.version)}
    if write.forgotten_at is not None:
        item["expires_at"] = {"N": str(int(write.forgotten_at.timestamp()))}
    return item


def _kept(user_id: str, journey_id: str, key: str, item: Item) -> Kept:
    state = state_of(user_id, key, item["state"]["S"])
    return Kept(journey_id, state, outbox_of(journey_id, state, text) if (text := item.get("outbox", {}).get("S")) else ())


def _errand(this: PutOff) -> Item:
    return {"S": put_off_document(this)}


def _looked_after(journey_id: str, step: str, user_id: str, at: datetime) -> Item:
    part = zlib.crc32(user_id.encode("utf-8", "surrogatepass")) % PARTS
    return {"place": {"S": f"{journey_id}#{step}#{part}"}, "due": {"N": str(_microseconds(at))}}


def _places(journey_id: str, step: str) -> Iterator[str]:
    return (f"{journey_id}#{step}#{part}" for part in range(PARTS))


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
