"""What was tried until nobody tried any more: what each dead-letter queue is for, why a letter lies there, and what to do about it.

Letters are told of by ids. Their bodies, which hold what people sent, are neither shown nor logged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, Literal, assert_never

import orjson

from regulars.domain.collection.message import QueueMessage, UnreadableMessageError, events_of, unpacked
from regulars.domain.journeys.inputs import Again, Due, Trigger, UnreadableInputError, input_of

KEPT: Final = timedelta(days=14)
"""From its first sending: MessageRetentionPeriod of every queue in template.yaml, SQS's longest. A letter keeps its age when it is moved
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html)."""

LONGEST_DETAIL: Final = 300
"""Characters of somebody else's words that are shown."""

MOST_IDS: Final = 20
"""So many ids of a letter's events are told."""


@dataclass(frozen=True)
class Purpose:
    """What a queue is for. Where its letters do not go back (`goes_back`), they are records of what failed, and somebody else does the work again.
    `function` is whose log says why."""

    about: str
    function: str
    goes_back: bool
    advice: str


PURPOSES: Final[Mapping[str, Purpose]] = MappingProxyType(
    {
        "events": Purpose(
            "requests with events that load could not bring to their end",
            "load",
            True,
            "Mend what its log says, then retry: events are counted once.",
        ),
        "imports": Purpose(
            "parts of imports that could not be read", "ingest", True, "Mend what the import says, then retry: a part goes on where it stopped."
        ),
        "journeys": Purpose(
            "inputs of journeys that could not move somebody",
            "advance",
            True,
            "Mend what its log says, then retry: whoever was moved already is not moved again.",
        ),
        "curate": Purpose(
            "records of curates that failed three times",
            "curate",
            False,
            "The next curate that works takes everything: ask for one with `regulars flush`, then forget these.",
        ),
        "occurrences": Purpose(
            "campaigns that were due and were not started",
            "start_occurrence",
            False,
            "`regulars campaign runs` shows what was missed, and `regulars campaign resume RUN` starts it; then forget these.",
        ),
    }
)
"""By the names in DEAD_LETTER_QUEUES of template.yaml."""

CauseCode = Literal[
    "not_loaded",
    "unreadable_request",
    "part_not_read",
    "part_unknown",
    "not_moved",
    "unreadable_input",
    "curate_failed",
    "occurrence_failed",
    "occurrence_not_called",
    "unknown",
]


@dataclass(frozen=True)
class Cause:
    """Why letters lie there, and what to do about all of the kind."""

    message: str
    advice: str


CAUSES: Final[Mapping[CauseCode, Cause]] = MappingProxyType(
    {
        "not_loaded": Cause(
            "They can be read, and failed each time they were loaded",
            "`regulars logs load` says why (a store that refused, a bug). Once that is mended, retry them.",
        ),
        "unreadable_request": Cause(
            "They cannot be read", "Retry them: load puts what it cannot read into the quarantine, whole, where it can be looked at."
        ),
        "part_not_read": Cause(
            "The part could not be read five times", "`regulars imports status ID` and `regulars logs ingest` say why. Once that is mended, retry."
        ),
        "part_unknown": Cause("There is no such part of an import", "Nothing can be done with them: forget them."),
        "not_moved": Cause(
            "The person could not be moved five times", "`regulars logs advance` says why (a store that refused, a bug). Once that is mended, retry."
        ),
        "unreadable_input": Cause("Nothing of ours writes such an input", "Nothing can be done with them: forget them."),
        "curate_failed": Cause(
            "Curate failed three times in a row", "Nothing is lost. `regulars logs curate` says why; once a curate has worked, forget them."
        ),
        "occurrence_failed": Cause(
            "The campaign was due, and starting it failed", "`regulars campaign runs ID`, then `resume RUN` or `launch ID`; after that forget them."
        ),
        "occurrence_not_called": Cause(
            "The campaign was due, and the scheduler could not call the function",
            "`regulars campaign runs ID`, then `resume RUN` or `launch ID`; after that forget them.",
        ),
        "unknown": Cause("Nothing of ours writes such a letter", "Look at it with `aws sqs receive-message`, then forget it."),
    }
)


@dataclass(frozen=True)
class TakenLetter:
    """A letter that somebody has in hand. `receipt` is what it is given back or removed with; `sent_at` is when it was sent first; `attributes` are
    what its sender put beside the body."""

    id: str
    body: str
    receipt: str
    sent_at: datetime
    receives: int
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class DeadLetter:
    """A letter as it is shown. `id` is the queue's own, `subject` what it is about and `ids` the ids of that: events, an import, a campaign. `detail`
    is the reason that was recorded, empty where none was. At `lost_at` the queue forgets it."""

    id: str
    cause: CauseCode
    subject: str
    ids: Sequence[str]
    detail: str
    sent_at: datetime
    lost_at: datetime
    receives: int
    bytes: int


MoveState = Literal["running", "done", "failed"]


@dataclass(frozen=True)
class Move:
    """A move of all letters back to where they came from. `total` is 0, and `started_at` None, where SQS does not say."""

    state: MoveState
    moved: int
    total: int
    started_at: datetime | None
    reason: str = ""


def part_of(body: str) -> tuple[str, int] | None:
    """The import and the number of the part that a letter of an import is about; None where it is about none."""
    import_id, _, number = body.partition("|")
    return (import_id, int(number)) if import_id and number.isdecimal() and len(number) < 10 else None


def read_letter(queue: str, taken: TakenLetter) -> DeadLetter:
    """What a letter of this queue is about, as far as it says so itself."""
    cause, subject, ids, detail = _READERS.get(queue, _unknown)(taken)
    size = len(taken.body.encode("utf-8", "surrogatepass"))
    told = detail if len(detail) <= LONGEST_DETAIL else detail[: LONGEST_DETAIL - 1] + "…"
    return DeadLetter(taken.id, cause, subject, ids, told, taken.sent_at, taken.sent_at + KEPT, taken.receives, size)


_Read = tuple[CauseCode, str, Sequence[str], str]


def _unknown(_: TakenLetter) -> _Read:
    return "unknown", "", (), ""


def _request(taken: TakenLetter) -> _Read:
    try:
        delivery = unpacked(QueueMessage(taken.id, taken.body))
    except UnreadableMessageError as error:
        return "unreadable_request", "", (), str(error)
    events = events_of(delivery.document, delivery.verb)
    ids = [str(event["messageId"])[:100] for event in events if isinstance(event, dict) and event.get("messageId")]
    told = "1 event" if len(events) == 1 else f"{len(events):,} events"
    return "not_loaded", f"{told} of source {delivery.source}", ids[:MOST_IDS], ""


def _part(taken: TakenLetter) -> _Read:
    found = part_of(taken.body)
    return ("part_not_read", f"part {found[1]} of import {found[0]}", (found[0],), "") if found else ("part_unknown", "", (), "")


def _input(taken: TakenLetter) -> _Read:
    try:
        this = input_of(taken.body)
    except UnreadableInputError as error:
        return "unreadable_input", "", (), str(error)
    match this:
        case Trigger(_, kind, name, id=identity):
            return "not_moved", f"{kind} {name}", (this.user_id[:100], identity[:100]), ""
        case Due(user_id, journey_id):
            return "not_moved", f"the end of a wait in {journey_id}", (user_id[:100],), ""
        case Again(user_id):
            return "not_moved", "an errand that had been put off", (user_id[:100],), ""
        case _:
            assert_never(this)


def _curate(taken: TakenLetter) -> _Read:
    record = _record(taken)
    return ("curate_failed", "", (), _error(record)) if "requestContext" in record else _unknown(taken)


def _occurrence(taken: TakenLetter) -> _Read:
    """A record of Lambda's where the function failed, of the scheduler's where it could not call it: then the body is what it would have said
    (https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html)."""
    record = _record(taken)
    asked = record.get("requestPayload", record)
    if not isinstance(asked, dict) or not isinstance(asked.get("campaign_id"), str):
        return _unknown(taken)
    subject = f"campaign {asked['campaign_id']}, due {asked.get('scheduled', 'at a moment that it does not tell')}"
    if "requestContext" in record:
        return "occurrence_failed", subject, (asked["campaign_id"],), _error(record)
    told = ": ".join(taken.attributes[name] for name in ("ERROR_CODE", "ERROR_MESSAGE") if taken.attributes.get(name))
    return "occurrence_not_called", subject, (asked["campaign_id"],), told


def _record(taken: TakenLetter) -> dict[str, Any]:
    try:
        record = orjson.loads(taken.body)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _error(record: Mapping[str, Any]) -> str:
    """Of a function's record: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    answer = record.get("responsePayload")
    if not isinstance(answer, dict):
        return str(record["requestContext"].get("condition", "")) if isinstance(record["requestContext"], dict) else ""
    return ": ".join(str(answer[name]) for name in ("errorType", "errorMessage") if answer.get(name))


_READERS: Final = {"events": _request, "imports": _part, "journeys": _input, "curate": _curate, "occurrences": _occurrence}
