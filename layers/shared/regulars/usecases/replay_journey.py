"""A journey over the past: what it would have done to real people, before anybody gets anything. Started by one request and asked after by others."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter

from regulars.domain.definitions import documents_of
from regulars.domain.delivery.zones import zone_named
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError, NotFoundError, RegularsError
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.hindsight import Hindsight, Looking
from regulars.domain.journeys.parse import examined
from regulars.domain.journeys.past import past_rows, past_sql
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.prices import PRICES
from regulars.domain.queries import QueryState
from regulars.domain.segments.references import reachable_segments
from regulars.domain.tickets import HindsightTicket, sealed, unsealed
from regulars.ports import Clock, DefinitionStore, ObjectStore, QueryEngine, ReplayTrigger
from regulars.usecases.current_settings import current_settings
from regulars.usecases.result_page import result_lines

LONGEST: Final = timedelta(minutes=16)
"""The whole life of a Lambda, and a minute: what has no result then never will."""

LONGEST_SPAN: Final = timedelta(days=731)


@dataclass(frozen=True)
class Question:
    """Of which span, of how many of the 10,000 buckets of people, and whose messages are shown (empty: the first ones)."""

    start: datetime
    end: datetime
    sample_buckets: int = BUCKETS
    user_id: str = ""


@dataclass(frozen=True)
class HindsightLook:
    """How a look back stands: `hindsight` is there once `state` is succeeded, `reason` where it failed."""

    ticket: str
    state: QueryState
    reason: str | None = None
    hindsight: Hindsight | None = None


@dataclass(frozen=True)
class _Result:
    found: Hindsight | None = None
    reason: str = ""


_RESULTS: Final[TypeAdapter[_Result]] = TypeAdapter(_Result)
_QUESTIONS: Final[TypeAdapter[Question]] = TypeAdapter(Question)


def question_document(question: Question) -> JsonObject:
    found: JsonObject = _QUESTIONS.dump_python(question, mode="json")
    return found


def question_of(document: Mapping[str, Any]) -> Question:
    return _QUESTIONS.validate_python(document)


def result_key(backtest_id: str) -> str:
    """Where the result is written, in the lake's bucket."""
    return f"backtests/{backtest_id}.json"


def start_replaying_journey(
    journey_id: str,
    question: Question,
    *,
    draft: JsonObject | None = None,
    request: str,
    definitions: DefinitionStore,
    trigger: ReplayTrigger,
    clock: Clock,
) -> HindsightLook:
    """`draft` is a journey that is looked at in place of what is saved. Raises NotFoundError, InvalidJourneyError, InvalidRequestError for a span
    that is none or a journey that the lake cannot tell the beginning of, RunnerUnavailableError."""
    now = clock.now()
    if question.start >= question.end or question.end - question.start > LONGEST_SPAN or question.start > now:
        raise InvalidRequestError(
            f"from {question.start} to {question.end} is no span of the past, of {LONGEST_SPAN.days} days at most", field="from"
        )
    book = _book(journey_id, draft, definitions)
    past_sql(book, question.start, question.end, question.sample_buckets)
    backtest_id = hashlib.sha256(f"{request} {now.isoformat()}".encode()).hexdigest()[:32]
    trigger.start(backtest_id, journey_id, question_document(question), draft)
    return HindsightLook(sealed(HindsightTicket(backtest_id, now)), "queued")


def look_at_replay(ticket: str, *, lake: ObjectStore, clock: Clock) -> HindsightLook:
    """Raises InvalidRequestError for a ticket that is of something else, StoreUnavailableError."""
    started = unsealed(ticket, HindsightTicket)
    try:
        result = _RESULTS.validate_json(lake.get(result_key(started.backtest_id)))
    except NotFoundError:
        if clock.now() - started.started_at > LONGEST:
            return HindsightLook(ticket, "failed", "it ended without a word, or its result was kept long enough: ask anew, perhaps of a sample")
        return HindsightLook(ticket, "running")
    return HindsightLook(ticket, "succeeded" if result.found else "failed", result.reason or None, result.found)


def replay_journey(
    backtest_id: str,
    journey_id: str,
    question: Question,
    *,
    draft: JsonObject | None = None,
    definitions: DefinitionStore,
    queries: QueryEngine,
    lake: ObjectStore,
) -> Hindsight:
    """Written to `result_key`, or why there is nothing. Raises what `start_replaying_journey` does, QueryFailedError, StoreUnavailableError."""
    try:
        book = _book(journey_id, draft, definitions)
        query = queries.run(past_sql(book, question.start, question.end, question.sample_buckets))
        rows = past_rows(result_lines(query.result.removeprefix("s3://").partition("/")[2], lake=lake))
        asked = Hindsight(journey_id, book.latest.version, question.start, question.end, question.sample_buckets / BUCKETS)
        found = Looking(book, asked, user_id=question.user_id).over(rows)
        cost = PRICES["athena_scan"].of(query.bytes_scanned)
        found = replace(found, bytes_scanned=query.bytes_scanned, cost_usd=round(cost, 8))
        lake.put(result_key(backtest_id), _RESULTS.dump_json(_Result(found)))
        return found
    except RegularsError as error:
        lake.put(result_key(backtest_id), _RESULTS.dump_json(_Result(reason=str(error))))
        raise


def _book(journey_id: str, draft: JsonObject | None, definitions: DefinitionStore) -> Book:
    """Of one version: what is saved, or the draft. A RULE may ask anything that a test may, but what somebody did is not fetched for it."""
    newest = None if draft is not None else definitions.get("journey", journey_id)
    document = draft if draft is not None else newest.document if newest else {}
    journey = examined({**document, "version": newest.version if newest else 1}).required()
    segments = documents_of(each for each in definitions.all("segment") if not each.archived) if journey.segments else {}
    zone = zone_named(current_settings(definitions).timezone) or UTC
    return Book.of([journey], segments=reachable_segments(journey.segments, segments), zone=zone)
