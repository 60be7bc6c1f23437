"""Send refused events again, repaired: a page of a search at a time, tried first and sent if that is asked for.

Each page is kept as begun, then sent, then kept as done; rows and objects of before stay as they are. Where it stops, nothing is lost or counted
twice:

    before the page is kept as begun     nothing has happened
    begun, nothing sent                  its events wait in the list; whoever replays them goes on with the repair that was begun
    begun, some sent or all              the same: they are sent again with the same repair, so with the same message id and time, and the lake and
                                         the profiles know them
    done                                 they have left the list; a search from before may send them again, and nothing changes, as above

The repair that was begun stays, because a second one could give an event another time, where the lake would not look for its copy
(domain/curation/known.py).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import orjson

from regulars.domain.cleaning.cleaned import DEFAULTS
from regulars.domain.cleaning.standards import Standards
from regulars.domain.collection.events import Envelope
from regulars.domain.collection.json_text import parsed, parsed_exactly
from regulars.domain.errors import ConflictError, InvalidRequestError
from regulars.domain.quarantine.entry import Entry
from regulars.domain.quarantine.excerpt import excerpt
from regulars.domain.quarantine.repair import Repair
from regulars.domain.quarantine.repair_document import read_repair, repair_document
from regulars.domain.quarantine.replays import Mended, messages, replay_key, replay_lines
from regulars.domain.quarantine.trial import Accept, Good, StillRefused, tried
from regulars.domain.tickets import SearchTicket, unsealed
from regulars.domain.tracking.plan import Plan
from regulars.ports import Clock, EventQueue, ObjectStore, QueryEngine
from regulars.usecases.sort_events import accepted

PAGE: Final = 250
"""Events of one call: where each is sent by itself, at 10 ms a message, it is over in a tenth of what a request may take."""

EXAMPLES: Final = 3


@dataclass(frozen=True)
class Example:
    """An event before and after the repair, as an `excerpt` shows it. Of one that stays refused there is no `after`, but a `reason` and a
    `message`."""

    id: str
    before: Any
    after: Any = None
    reason: str = ""
    message: str = ""


@dataclass(frozen=True)
class ReplayPage:
    """What became of a page's events, or would: `events = good + already + sum(refused)`. `resumed` of the good ones are sent with a repair that was
    begun before. `next` is the name of the page after it, empty at the end."""

    replay: str
    events: int
    good: int
    resumed: int
    already: int
    refused: Mapping[str, int]
    examples: Sequence[Example]
    applied: bool
    next: str


def replay_page(
    ticket: str,
    *,
    repair: Repair,
    page: str = "",
    apply: bool,
    by: str,
    queries: QueryEngine,
    queue: EventQueue,
    lake: ObjectStore,
    clock: Clock,
    plans: Callable[[], Sequence[Plan]] = tuple,
    standards: Standards = DEFAULTS,
) -> ReplayPage:
    """Tries the events on this page of a search of kind replay, as `load` would take them; sends the good ones if `apply`.

    Raises InvalidRequestError for another ticket or a page that is none, ConflictError while the query runs.
    """
    query_id = _succeeded(ticket, queries)
    rows, following = queries.rows(query_id, page=page, size=PAGE)
    entries = [Entry.of_row(row) for row in rows]
    waiting = [entry for entry in entries if not (entry.replay and entry.replay.done)]
    accept = _as_load_does(plans(), standards)
    outcomes = [_tried(entry, repair, accept) for entry in waiting]
    mended = [outcome for outcome in outcomes if isinstance(outcome, Mended)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, StillRefused)]
    replay = query_id[:36]
    if apply and mended:
        _send(replay, mended, by=by, queue=queue, lake=lake, clock=clock)
    return ReplayPage(
        replay,
        events=len(entries),
        good=len(mended),
        resumed=sum(each.event.entry.replay is not None for each in mended),
        already=len(entries) - len(waiting),
        refused=Counter(each.reason for each in refused),
        examples=_examples(mended, refused),
        applied=apply,
        next=following,
    )


def _succeeded(ticket: str, queries: QueryEngine) -> str:
    """The query's id."""
    started = unsealed(ticket, SearchTicket)
    if started.kind != "replay":
        raise InvalidRequestError(f"this search is of kind {started.kind}; start one of kind replay", field="ticket")
    state = queries.look(started.query_id).state
    if state != "succeeded":
        raise ConflictError(f"the search is {state}: its events are there when it has succeeded")
    return started.query_id


def _as_load_does(plans: Sequence[Plan], standards: Standards) -> Accept:
    def accept(event: Any, envelope: Envelope) -> object:
        return accepted(event, envelope, 0, plans, standards)

    return accept


def _tried(entry: Entry, repair: Repair, accept: Accept) -> Mended | StillRefused:
    """With the repair that was begun, if any, unless it mends nothing: then nothing came of it."""
    begun = _mended(entry, read_repair(orjson.loads(entry.replay.repair)), accept) if entry.replay else None
    return begun if isinstance(begun, Mended) else _mended(entry, repair, accept)


def _mended(entry: Entry, repair: Repair, accept: Accept) -> Mended | StillRefused:
    outcome = tried(entry, repair, accept)
    return Mended(outcome, repair_document(repair)) if isinstance(outcome, Good) else outcome


def _send(replay: str, mended: Sequence[Mended], *, by: str, queue: EventQueue, lake: ObjectStore, clock: Clock) -> None:
    now = clock.now()
    key = replay_key(replay, mended, now)
    lake.put(key, replay_lines(replay, mended, state="begun", at=now, by=by))
    for message in messages([each.event for each in mended]):
        queue.send(message)
    lake.put(key, replay_lines(replay, mended, state="done", at=now, by=by))


def _examples(mended: Sequence[Mended], refused: Sequence[StillRefused]) -> list[Example]:
    """A few that are good, and one of each reason that stays."""
    good = (Example(each.event.entry.id, _before(each.event.entry), excerpt(parsed(each.event.text))) for each in mended)
    bad = {each.reason: each for each in reversed(refused)}.values()
    return [
        *islice(good, EXAMPLES),
        *(Example(each.entry.id, _before(each.entry), reason=each.reason, message=each.message) for each in bad),
    ]


def _before(entry: Entry) -> Any:
    """None where there is no event, or one that stays in the lake for its size."""
    try:
        return None if entry.text is None else excerpt(parsed_exactly(entry.text.encode()))
    except InvalidRequestError:
        return excerpt(entry.text)
