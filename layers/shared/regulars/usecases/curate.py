"""Moves what `load` wrote into the lake's tables, each event once, then brings people, identities and devices up to date, and profiles' links.

Only one runs at a time (a lease in its state), and only one statement that changes the lake: it is kept in the state before it is started, and
nobody begins another before that one is over. A run may die anywhere:

    it died                                  it left in the state            the next run
    before the statement was kept            the one before, which is over   looks at that one, begins anew
    kept, not started                        text and token, no query id     starts it: it has to be done anyway
    started, the id not kept                 the same                        starts it: the same token and text are the same query
    while it runs, or looking at it failed   the query id                    waits until it is over, whatever comes of it
    `events` written, not `known_messages`   known_through of before         makes known what was curated since, then goes on
    `known_messages` written, not said so    known_through of before         the same: a message known twice is known
    known, not merged                        people_through of before        merges what was curated since: twice changes nothing
    `identities` merged, not linked          the same                        links profiles by the same rows: twice changes nothing
    merged, not in the catalog               the same                        adds to it what was curated after its own moment

What is in `events` and not yet known is looked for there by each INSERT, so even one that somebody starts twice inserts nothing the second time
once the first is over. A run whose lease was taken while it slept cannot write the state any more, and begins nothing.
Why the query is not stopped in place of waiting: one that takes longer than a run may live would never end.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from regulars.domain.curation.device_merges import devices_sql
from regulars.domain.curation.identities import identities_sql
from regulars.domain.curation.known import fit_one_insert, periods_sql, remember_sqls
from regulars.domain.curation.landing import PREFIX, Landed, begins, hour, landed
from regulars.domain.curation.merges import people_sql
from regulars.domain.curation.plan import Backlog, chunks
from regulars.domain.curation.state import CurateState, UnderWay
from regulars.domain.curation.statements import backlog_sql, insert_sql
from regulars.domain.errors import ConflictError, InfrastructureError, NotFoundError, QueryFailedError
from regulars.domain.people.identities import DECISIONS, decided_after
from regulars.domain.people.links import links_of, links_sql
from regulars.domain.queries import Query, ResultRow
from regulars.ports import Clock, CurateStateStore, ObjectStore, ProfileStore, QueryEngine, Stored
from regulars.usecases.keep_catalog import keep_catalog
from regulars.usecases.link_profiles import link_profiles

BEGIN_WITH = timedelta(minutes=2)
"""No statement is begun with less time left."""
STOP_WITH = timedelta(seconds=20)
"""With less than this left a statement is waited for no longer: the next run does."""


@dataclass(frozen=True)
class CurateResult:
    """What one run did. `rows` were read of raw, those that come again among them.

    `finished` is False if another run holds the lease or time ran out: the next run goes on.
    """

    finished: bool
    rows: int = 0
    statements: int = 0
    bytes_scanned: int = 0
    busy: bool = False
    catalog_error: str = ""
    """Why the catalog of events lacks what was inserted; empty where it does not."""


class _OutOfTimeError(Exception):
    """The next run goes on."""


@dataclass
class _Run:
    queries: QueryEngine
    store: CurateStateStore
    clock: Clock
    held: Stored[CurateState]
    time_left: Callable[[], timedelta]
    rows: int = 0
    statements: int = 0
    bytes_scanned: int = 0
    catalog_error: str = ""

    @property
    def now(self) -> CurateState:
        return self.held.value

    def keep(self, state: CurateState) -> None:
        """Raises ConflictError where another run has taken over."""
        self.store.put(state, expected=self.held.version)
        self.held = Stored(state, self.held.version + 1)

    def settle(self) -> None:
        """Waits until nothing that an earlier run began is under way."""
        left = self.now.under_way
        if left is None:
            return
        try:
            self._over(left)
        except NotFoundError:
            return  # Athena forgets an execution after 45 days
        except QueryFailedError:
            if left.query_id or not left.is_long_over(self.clock.now()):
                raise

    def change(self, sql: str) -> None:
        """One statement, once. Raises QueryFailedError, _OutOfTimeError, ConflictError."""
        if self.time_left() < BEGIN_WITH:
            raise _OutOfTimeError
        self.statements += 1
        begun = UnderWay(sql, uuid.uuid4().hex, self.clock.now())
        self.keep(self.now.beginning(begun))
        query = self._over(begun)
        self.bytes_scanned += query.bytes_scanned
        if query.state != "succeeded":
            raise QueryFailedError(f"query {query.query_id} {query.state}: {query.reason or 'Athena gave no reason'}")

    def ask(self, sql: str) -> list[ResultRow]:
        query = self.queries.run(sql)
        self.bytes_scanned += query.bytes_scanned
        return list(self.queries.fetched(query.query_id))

    def _over(self, begun: UnderWay) -> Query:
        """Starts what may not have been started, and waits. Raises _OutOfTimeError while it runs."""
        query_id = begun.query_id or self.queries.start(begun.sql, token=begun.token)
        if not begun.query_id:
            self.keep(self.now.beginning(replace(begun, query_id=query_id)))
        query = self.queries.wait(query_id, within=self.time_left() - STOP_WITH)
        if not query.is_over:
            raise _OutOfTimeError
        return query


def curate(
    *,
    queries: QueryEngine,
    objects: ObjectStore,
    profiles: ProfileStore,
    state: CurateStateStore,
    clock: Clock,
    rows_per_statement: int,
    time_left: Callable[[], timedelta] = lambda: timedelta(hours=1),
) -> CurateResult:
    """Runs once. `time_left` says how long the caller may still work. Where nothing landed, nothing was
    left behind and nobody decided anything, Athena is not asked.

    Raises QueryFailedError with Athena's reason, StoreUnavailableError, after the lease is given back.
    """
    held = _take_lease(state, clock.now())
    if held is None:
        return CurateResult(finished=False, busy=True)
    run = _Run(queries, state, clock, held, time_left)
    try:
        _move(run, objects, profiles, rows_per_statement)
        run.keep(run.now.finished(clock.now()))
    except ConflictError:
        return CurateResult(False, run.rows, run.statements, run.bytes_scanned, busy=True)
    except _OutOfTimeError:
        run.keep(run.now.paused())
        return CurateResult(False, run.rows, run.statements, run.bytes_scanned)
    except InfrastructureError as error:
        run.keep(run.now.failed(str(error), may_pass=not isinstance(error, QueryFailedError)))
        raise
    return CurateResult(True, run.rows, run.statements, run.bytes_scanned, catalog_error=run.catalog_error)


def _move(run: _Run, objects: ObjectStore, profiles: ProfileStore, rows_per_statement: int) -> None:
    run.settle()
    before = run.now.inserted_through
    if run.now.has_unknown:
        _remember(run, days=None)
    since = begins(run.now.raw_through, run.now.started_at)
    found = landed(objects.keys(PREFIX, after=hour(since)), since)
    if found is not None:
        _insert(run, found, rows_per_statement)
    if run.now.needs_merge:
        run.change(people_sql(run.now.unmerged_people))
        run.change(devices_sql(run.now.unmerged_devices))
    if run.now.needs_merge or _somebody_decided(run, objects):
        run.change(identities_sql(run.now.unmerged_identities))
        _link(run, profiles)
    if run.now.needs_merge:
        _catalog(run, objects, before)


def _link(run: _Run, profiles: ProfileStore) -> None:
    """Leads from profiles to what the ids that became theirs told, and no longer to what is not theirs."""
    if run.time_left() < BEGIN_WITH:
        raise _OutOfTimeError
    link_profiles(links_of(run.ask(links_sql(run.now.unmerged_identities))), profiles=profiles, time_left=run.time_left)


def _catalog(run: _Run, objects: ObjectStore, before: datetime) -> None:
    """What cannot be added to the catalog holds up nothing else: the next run that inserts adds it."""
    if run.time_left() < BEGIN_WITH:
        raise _OutOfTimeError
    try:
        keep_catalog(run.now.inserted_through, before, run.now.inserted_days, lake=objects, ask=run.ask)
    except InfrastructureError as error:
        run.catalog_error = str(error)


def _somebody_decided(run: _Run, objects: ObjectStore) -> bool:
    """Whether there may be a decision about an identity that `identities` does not know."""
    return any(objects.keys(DECISIONS, after=decided_after(run.now.identities_through)))


def _insert(run: _Run, found: Landed, rows_per_statement: int) -> None:
    backlog = [_backlog(row) for row in run.ask(backlog_sql(found))]
    run.rows = sum(part.rows for part in backlog)
    if not backlog:
        return
    days = [part.day for part in backlog]
    run.keep(run.now.inserting((min(days), max(days))))
    for chunk in chunks(backlog, rows=rows_per_statement):
        run.change(insert_sql(chunk, found, unknown=run.now.unknown, curated=run.now.started_at))
    _remember(run, days)


def _remember(run: _Run, days: list[date] | None) -> None:
    """Makes known what was inserted since `known_through`, which happened on these days if anybody knows."""
    unknown, periods = run.now.unknown, None
    if days is None or not fit_one_insert(days):
        periods = [row["period"] or "" for row in run.ask(periods_sql(unknown))]
    for sql in remember_sqls(unknown, periods):
        run.change(sql)
    run.keep(run.now.remembered())


def _backlog(row: ResultRow) -> Backlog:
    return Backlog(date.fromisoformat(row["day"] or ""), row["event_name"] or "", int(row["waiting"] or 0))


def _take_lease(state: CurateStateStore, now: datetime) -> Stored[CurateState] | None:
    """The state with our lease in it, or None if somebody else works."""
    stored = state.get()
    if stored.value.is_running(now):
        return None
    leased = stored.value.leased(now)
    try:
        state.put(leased, expected=stored.version)
    except ConflictError:
        return None
    return Stored(leased, stored.version + 1)
