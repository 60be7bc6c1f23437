"""A journey over the past: what it would have done to real people, before anybody gets anything. Started by one request and asked after by others."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter

from regulars.domain.definitions import documents_of
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidJourneyError, InvalidRequestError, NotFoundError
from regulars.domain.journeys.hindsight import Hindsight
from regulars.domain.journeys.look_back import MOST_DAYS, MOST_TOGETHER, LookBack, Question, result_key
from regulars.domain.journeys.parse import examined
from regulars.domain.journeys.past import beginnings
from regulars.domain.language import refusal, shown
from regulars.domain.queries import QueryState
from regulars.domain.segments.references import reachable_segments
from regulars.domain.settings import settings_document
from regulars.domain.tickets import HindsightTicket, sealed, unsealed
from regulars.ports import Clock, DefinitionStore, LookBackRunner, ObjectStore
from regulars.usecases.current_settings import current_settings

LONGEST: Final = timedelta(minutes=91)
"""The longest that the state machine may take, and a minute: what has no result then never will."""

LONGEST_SPAN: Final = timedelta(days=731)


@dataclass(frozen=True)
class HindsightLook:
    """How a look back stands: `hindsight` is there once `state` is succeeded, `reason` where it failed. `beside` are those of the journeys that were
    looked at with it."""

    ticket: str
    state: QueryState
    reason: str | None = None
    hindsight: Hindsight | None = None
    beside: Sequence[Hindsight] = ()


@dataclass(frozen=True)
class Result:
    """What `look_at_look_back` finds."""

    found: Sequence[Hindsight] = ()
    reason: str = ""


RESULTS: Final[TypeAdapter[Result]] = TypeAdapter(Result)
_QUESTIONS: Final[TypeAdapter[Question]] = TypeAdapter(Question)


def question_document(question: Question) -> JsonObject:
    found: JsonObject = _QUESTIONS.dump_python(question, mode="json")
    return found


def question_of(document: Mapping[str, Any]) -> Question:
    return _QUESTIONS.validate_python(document)


def start_look_back(
    journey_id: str,
    question: Question,
    *,
    draft: JsonObject | None = None,
    request: str,
    definitions: DefinitionStore,
    runner: LookBackRunner,
    clock: Clock,
) -> HindsightLook:
    """`draft` is a journey that is looked at in place of what is saved. Raises NotFoundError, InvalidJourneyError, InvalidRequestError for a span
    that is none or a journey that the lake cannot tell the beginning of, RunnerUnavailableError."""
    now = clock.now()
    _require_past(question.start, question.end, now)
    _require_together(1 + len(question.beside), (question.end - question.start).days)
    books = planned(journey_id, question, draft, definitions).books
    beginnings([book.latest for book in books.values()])
    look_back_id = hashlib.sha256(f"{request} {now.isoformat()}".encode()).hexdigest()[:32]
    runner.start(look_back_id, {"journey_id": journey_id, "question": question_document(question), "document": draft})
    return HindsightLook(sealed(HindsightTicket(look_back_id, now)), "queued")


def _require_past(start: datetime, end: datetime, now: datetime) -> None:
    if start > now:
        raise InvalidRequestError(f"it is {shown(now)}: nobody knows yet what people do later", field="from")
    if start >= end:
        raise InvalidRequestError(f"is no later than `from`, {shown(start)}", field="to")
    if end - start > LONGEST_SPAN:
        raise InvalidRequestError(f"is more than {LONGEST_SPAN.days} days later than `from`", field="to")


def _require_together(journeys: int, days: int) -> None:
    if journeys > MOST_TOGETHER:
        raise InvalidRequestError(f"{journeys} journeys are asked for together; at most {MOST_TOGETHER}", field="with")
    if journeys * days > MOST_DAYS:
        raise InvalidRequestError(
            f"{journeys} journeys over {days} days are {journeys * days:,} days of all of them; at most {MOST_DAYS:,}", field="with"
        )


def look_at_look_back(ticket: str, *, lake: ObjectStore, clock: Clock) -> HindsightLook:
    """Raises InvalidRequestError for a ticket that is of something else, StoreUnavailableError."""
    started = unsealed(ticket, HindsightTicket)
    try:
        result = RESULTS.validate_json(lake.get(result_key(started.backtest_id)))
    except NotFoundError:
        if clock.now() - started.started_at > LONGEST:
            return HindsightLook(ticket, "failed", "it ended without a word, or its result was kept long enough: ask anew, perhaps of a sample")
        return HindsightLook(ticket, "running")
    if not result.found:
        return HindsightLook(ticket, "failed", result.reason or None)
    first, *others = result.found
    return HindsightLook(ticket, "succeeded", None, first, others)


def planned(journey_id: str, question: Question, draft: JsonObject | None, definitions: DefinitionStore) -> LookBack:
    """As things are now: what is saved, or the draft. Raises NotFoundError, StoreUnavailableError, and InvalidJourneyError also for a RULE that asks
    what somebody did: that is not fetched."""
    asked = {**draft, "version": 1} if draft is not None else _saved(journey_id, definitions)
    documents = [asked, *(_saved(each, definitions) for each in question.beside)]
    wanted = {identity for document in documents for identity in examined(document).required().segments}
    segments = documents_of(each for each in definitions.all("segment") if not each.archived) if wanted else {}
    reached = reachable_segments(sorted(wanted), segments)
    settings = settings_document(current_settings(definitions))
    look_back = LookBack(question, documents, {identity: segments[identity] for identity in reached}, settings)
    if unanswerable := list(look_back.unanswerable()):
        raise refusal(InvalidJourneyError, unanswerable)
    return look_back


def _saved(journey_id: str, definitions: DefinitionStore) -> JsonObject:
    newest = definitions.get("journey", journey_id)
    return {**newest.document, "version": newest.version}
