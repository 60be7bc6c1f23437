"""One way to start what takes long and ask after it: a ticket, opaque to clients, that carries all there is to know. The server keeps nothing.

A start answers a ticket; each look brings the ticket of the last answer and may get another. A new kind of long work is a class here.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal, TypeVar

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from regulars.domain.errors import InvalidRequestError

AskedKind = Literal["count", "members"]
"""Of a segment: how many they are, or who."""

SearchKind = Literal["groups", "events", "replay"]
"""Of the quarantine: how many by reason, source and event; the newest ones; or all of them as they came, to be sent again."""


QueryId = Annotated[str, Field(min_length=1, max_length=128)]
"""Athena's (API reference, QueryExecutionId)."""


@dataclass(frozen=True)
class EvaluationTicket:
    """An evaluation of a segment, which is kept."""

    segment_id: str
    evaluation_id: str
    of: Literal["evaluation"] = "evaluation"


@dataclass(frozen=True)
class ExplanationTicket:
    """A query for how many people each clause of a rule finds, as of a moment."""

    query_id: QueryId
    as_of: AwareDatetime
    of: Literal["explanation"] = "explanation"


@dataclass(frozen=True)
class LifecycleTicket:
    """A query for how many are in each ready-made segment and what they are worth, as of a moment."""

    query_id: QueryId
    as_of: AwareDatetime
    of: Literal["lifecycle"] = "lifecycle"


@dataclass(frozen=True)
class BacktestTicket:
    """A query for whom a segment would have had at each of many moments (`lake.moments`)."""

    query_id: QueryId
    segment_id: str
    first: AwareDatetime
    every: timedelta
    count: int
    of: Literal["backtest"] = "backtest"


@dataclass(frozen=True)
class ReportTicket:
    """A query for what a run changed, as of a moment."""

    query_id: QueryId
    run_id: str
    as_of: AwareDatetime
    of: Literal["report"] = "report"


@dataclass(frozen=True)
class JourneyReportTicket:
    """A query for what a version of a journey changed for who came in since a moment."""

    query_id: QueryId
    journey_id: str
    version: Annotated[int, Field(ge=1)]
    since: AwareDatetime
    of: Literal["journey_report"] = "journey_report"


@dataclass(frozen=True)
class PowerTicket:
    """A query for what the audience of a campaign's version did in the `span` before a moment, and the effect that was asked about."""

    query_id: QueryId
    campaign_id: str
    version: int
    as_of: AwareDatetime
    span: timedelta
    lift: float | None
    difference: float | None
    of: Literal["power"] = "power"


@dataclass(frozen=True)
class PreflightTicket:
    """A preflight, which writes its result when it has one."""

    preflight_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    started_at: AwareDatetime
    of: Literal["preflight"] = "preflight"


@dataclass(frozen=True)
class HindsightTicket:
    """A journey over the past, which writes its result when it has one."""

    backtest_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    started_at: AwareDatetime
    of: Literal["journey_backtest"] = "journey_backtest"


@dataclass(frozen=True)
class IdentitiesTicket:
    """A query for the ids of a person, as of a moment."""

    query_id: QueryId
    user_id: str
    as_of: AwareDatetime
    of: Literal["identities"] = "identities"


@dataclass(frozen=True)
class FindingTicket:
    """A query for who has an e-mail address or a telephone number."""

    query_id: QueryId
    of: Literal["finding"] = "finding"


@dataclass(frozen=True)
class Asked:
    """One question of several: its query, or why it could not be asked."""

    query_id: QueryId | None = None
    refusal: Annotated[str, Field(max_length=120)] = ""


@dataclass(frozen=True)
class WhyTicket:
    """Queries for what became of a person in a run, and for which of its segments had them (none where that cannot be asked any more)."""

    query_id: QueryId
    segments_id: QueryId | None
    run_id: str
    user_id: str
    of: Literal["why"] = "why"


@dataclass(frozen=True)
class JourneyWhyTicket:
    """Queries for what was told of a person in a journey, and, where its entry has a rule, for what that asks about them."""

    query_id: QueryId
    history_id: QueryId | None
    journey_id: str
    user_id: str
    as_of: AwareDatetime
    of: Literal["journey_why"] = "journey_why"


@dataclass(frozen=True)
class ViewTicket:
    """What is asked of a person: what they did, what was sent to them, for some segments, by their ids, whether they are in, and, where that is
    wanted, what they agreed to and when."""

    activity: Asked
    messages: Asked
    segments: Mapping[str, Asked]
    consents: Asked | None = None
    of: Literal["view"] = "view"


@dataclass(frozen=True)
class PersonExplanationTicket:
    """A query for what a segment's rule asks about one person, as of a moment. `rule` tells the rule from what it may become."""

    query_id: QueryId
    segment_id: str
    rule: str
    user_id: str
    as_of: AwareDatetime
    of: Literal["person_explanation"] = "person_explanation"


@dataclass(frozen=True)
class FlushTicket:
    """What a flush has seen so far. Moments are None until they have come."""

    empty_looks: int = 0
    empty_since: AwareDatetime | None = None
    emptied_at: AwareDatetime | None = None
    asked_at: AwareDatetime | None = None
    of: Literal["flush"] = "flush"


@dataclass(frozen=True)
class QueryTicket:
    """A query in somebody's own SQL. Whose it is, is in what Athena was sent."""

    query_id: QueryId
    of: Literal["query"] = "query"


OverviewPart = Literal["visits", "customers", "segments", "campaigns", "programme"]


@dataclass(frozen=True)
class OverviewTicket:
    """What is asked of so many months up to a moment. `shares` are the buckets that were held out of all campaigns from each moment on."""

    as_of: AwareDatetime
    months: Annotated[int, Field(ge=1)]
    asked: Mapping[OverviewPart, Asked]
    shares: Sequence[tuple[AwareDatetime, int]] = ()
    of: Literal["overview"] = "overview"


@dataclass(frozen=True)
class SearchTicket:
    """A query for what is in the quarantine."""

    query_id: QueryId
    kind: SearchKind
    of: Literal["search"] = "search"


@dataclass(frozen=True)
class QualityTicket:
    """A query for how good the data of a window are."""

    query_id: QueryId
    since: AwareDatetime
    until: AwareDatetime
    of: Literal["quality"] = "quality"


Ticket = (
    EvaluationTicket
    | ExplanationTicket
    | LifecycleTicket
    | BacktestTicket
    | ReportTicket
    | JourneyReportTicket
    | JourneyWhyTicket
    | PowerTicket
    | HindsightTicket
    | PreflightTicket
    | IdentitiesTicket
    | FindingTicket
    | ViewTicket
    | WhyTicket
    | PersonExplanationTicket
    | FlushTicket
    | OverviewTicket
    | SearchTicket
    | QualityTicket
    | QueryTicket
)
T = TypeVar(
    "T",
    EvaluationTicket,
    ExplanationTicket,
    LifecycleTicket,
    BacktestTicket,
    ReportTicket,
    JourneyReportTicket,
    JourneyWhyTicket,
    PowerTicket,
    HindsightTicket,
    PreflightTicket,
    IdentitiesTicket,
    FindingTicket,
    ViewTicket,
    WhyTicket,
    PersonExplanationTicket,
    FlushTicket,
    OverviewTicket,
    SearchTicket,
    QualityTicket,
    QueryTicket,
)

_TICKETS: TypeAdapter[Ticket] = TypeAdapter(Annotated[Ticket, Field(discriminator="of")])


def sealed(ticket: Ticket) -> str:
    """As a client carries it: safe in a path."""
    return base64.urlsafe_b64encode(_TICKETS.dump_json(ticket)).decode().rstrip("=")


def unsealed(text: str, wanted: type[T]) -> T:
    """Raises InvalidRequestError for what is not a ticket of ours, or is one of another kind."""
    try:
        ticket = _TICKETS.validate_json(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValidationError, ValueError) as error:
        raise InvalidRequestError("not a ticket that was given out here: start again and bring what that answers", field="ticket") from error
    if not isinstance(ticket, wanted):
        raise InvalidRequestError(f"this ticket is of kind {ticket.of}, not {wanted.of}", field="ticket")
    return ticket
