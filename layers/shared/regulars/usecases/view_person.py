"""What a person did, what was sent to them, and which segments they are in: start the queries, and look at them. Nothing here waits.

Each question is a query of its own, side by side, so that one which fails costs its own answer alone (decision 31).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from regulars.domain.definitions import Definition, documents_of
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError, NotFoundError, QueryFailedError, RefusedError
from regulars.domain.person.activity import Counter, SeenEvent, activity_of, activity_sql
from regulars.domain.person.consent_history import ConsentChange, history_of, history_sql
from regulars.domain.person.memberships import MOST_SEGMENTS, Membership, membership_sql
from regulars.domain.person.messages import SentMessage, messages_of, messages_sql
from regulars.domain.queries import Query, QueryState, ResultRow
from regulars.domain.tickets import Asked, ViewTicket, sealed, unsealed
from regulars.ports import Clock, DefinitionStore, QueryEngine
from regulars.usecases.reach_segments import reach_segments

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)

_PATIENCE: Final = timedelta(seconds=5)
"""With Athena, while the questions are put: where it takes one late, nothing else is put to it, for the client waits 30 s and no longer
(https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html)."""

_LONGEST_REFUSAL: Final = 120
"""Characters: a ticket goes through the path of a URL."""

_NOT_ASKED: Final = f"at most {MOST_SEGMENTS} segments are asked at once: name this one to ask it"


@dataclass(frozen=True)
class ViewLook:
    """How the questions stand. What was found is there once `state` is succeeded: all are over then, well or not.

    What could not be read is None, and `missing` says why, by the same name; a segment says so itself. `consent_history` is there where it was asked
    for. Money is an estimate.
    """

    ticket: str
    state: QueryState
    counters: Sequence[Counter] | None = None
    events: Sequence[SeenEvent] | None = None
    messages: Sequence[SentMessage] | None = None
    segments: Sequence[Membership] | None = None
    consent_history: Sequence[ConsentChange] | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    bytes_scanned: int = 0
    cost_usd: float = 0.0


@dataclass(frozen=True)
class _Unread:
    reason: str


@dataclass(frozen=True)
class _Answers:
    """What became of the queries, by their ids."""

    found: Mapping[str, Query]
    queries: QueryEngine

    @property
    def over(self) -> bool:
        return all(query.is_over for query in self.found.values())

    def rows(self, asked: Asked) -> Sequence[ResultRow] | _Unread:
        """The rows of what was asked, or why there are none."""
        if asked.query_id is None:
            return _Unread(asked.refusal)
        query = self.found[asked.query_id]
        if not query.is_over:
            return _Unread("its query is not over yet: ask again")
        if query.state != "succeeded":
            return _Unread(f"its query {query.state}: {query.reason or 'no reason given'}")
        try:
            return list(self.queries.fetched(query.query_id))
        except (NotFoundError, QueryFailedError) as error:
            return _Unread(f"its result cannot be read: {error}")


def start_view(
    user_id: str,
    *,
    since: datetime | None,
    events: int,
    segments: Sequence[str] = (),
    consents: bool = False,
    definitions: DefinitionStore,
    queries: QueryEngine,
    clock: Clock,
) -> ViewLook:
    """As of now, and of what curate has brought into the lake. `events` is how many of the newest are shown; `segments` are those to ask, or
    without any the first MOST_SEGMENTS by their ids that are not archived; `consents` asks for their history. Raises InvalidRequestError."""
    as_of = clock.now()
    if not user_id:
        raise InvalidRequestError("whose view?", field="user_id")
    if since and since >= as_of:
        raise InvalidRequestError(f"{since.isoformat()} is not past", field="since")
    saved = definitions.all("segment")
    documents, chosen = documents_of(saved), _chosen(segments, saved)
    start = since or _EVER
    ask = partial(_asked, queries=queries, clock=clock, until=as_of + _PATIENCE)
    ticket = ViewTicket(
        ask(partial(activity_sql, user_id, start, as_of, events)),
        ask(partial(messages_sql, user_id, start, as_of)),
        {segment: ask(partial(_membership_sql, user_id, segment, as_of, documents, definitions)) for segment in chosen},
        ask(partial(history_sql, user_id, as_of)) if consents else None,
    )
    return ViewLook(sealed(ticket), "queued")


def _membership_sql(user_id: str, segment: str, as_of: datetime, documents: Mapping[str, JsonObject], definitions: DefinitionStore) -> str:
    return membership_sql(user_id, segment, as_of, reach_segments([segment], documents, definitions=definitions))


def look_at_view(ticket: str, *, now: bool = False, definitions: DefinitionStore, queries: QueryEngine) -> ViewLook:
    """Nothing is shown until all are over, unless `now` takes what is there: the others are missing then, and `state` is still running.

    Raises InvalidRequestError for a ticket of another kind, NotFoundError where Athena has forgotten a query.
    """
    started = unsealed(ticket, ViewTicket)
    asked = [started.activity, started.messages, *started.segments.values(), *([started.consents] if started.consents else [])]
    answers = _Answers({each.query_id: queries.look(each.query_id) for each in asked if each.query_id}, queries)
    if not answers.over and not now:
        return ViewLook(ticket, "running")
    activity, messages = answers.rows(started.activity), answers.rows(started.messages)
    did = None if isinstance(activity, _Unread) else activity_of(activity)
    consents = answers.rows(started.consents) if started.consents else ()
    unread = {"counters": activity, "events": activity, "messages": messages, "consent_history": consents}
    return ViewLook(
        ticket,
        "succeeded" if answers.over else "running",
        counters=did.counters if did else None,
        events=did.events if did else None,
        messages=None if isinstance(messages, _Unread) else messages_of(messages),
        segments=list(_memberships(started, answers, definitions)),
        consent_history=None if isinstance(consents, _Unread) or started.consents is None else history_of(consents),
        missing={name: part.reason for name, part in unread.items() if isinstance(part, _Unread)},
        bytes_scanned=sum(query.bytes_scanned for query in answers.found.values()),
        cost_usd=sum(query.cost_usd for query in answers.found.values()),
    )


def _chosen(wanted: Sequence[str], saved: Iterable[Definition]) -> Sequence[str]:
    """The ids of the segments to ask."""
    current = {each.id: each.archived for each in saved}
    for segment in wanted:
        if segment not in current:
            raise InvalidRequestError(f"there is no segment {segment}", field="segments")
    if len(set(wanted)) > MOST_SEGMENTS:
        raise InvalidRequestError(f"{len(set(wanted))} segments; at most {MOST_SEGMENTS} at once", field="segments")
    return sorted(set(wanted)) or sorted(segment for segment, archived in current.items() if not archived)[:MOST_SEGMENTS]


def _asked(sql: Callable[[], str], *, queries: QueryEngine, clock: Clock, until: datetime) -> Asked:
    if clock.now() > until:
        return Asked(refusal="Athena was too slow to take the questions before it: ask again")
    try:
        return Asked(queries.start(sql()))
    except (RefusedError, QueryFailedError) as error:
        return Asked(refusal=str(error)[:_LONGEST_REFUSAL])


def _memberships(started: ViewTicket, answers: _Answers, definitions: DefinitionStore) -> Iterator[Membership]:
    """By their ids: those that were asked, and all others that are not archived, so that nobody takes them for answered."""
    for each in sorted(definitions.all("segment"), key=lambda each: each.id):
        name = str(each.document.get("name") or each.id)
        if each.id in started.segments:
            match answers.rows(started.segments[each.id]):
                case _Unread(reason):
                    yield Membership(each.id, name, "unknown", reason)
                case rows:
                    yield Membership(each.id, name, "in" if rows else "out")
        elif not each.archived:
            yield Membership(each.id, name, "not_asked", _NOT_ASKED)
