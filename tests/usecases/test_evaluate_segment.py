"""Counting and listing the people of a segment, and what is kept of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.plan import Plan, Statements
from regulars.domain.errors import ConflictError, InvalidRequestError, InvalidRuleError, NotFoundError, StoreUnavailableError
from regulars.domain.evaluations import Evaluation
from regulars.domain.queries import QueryState
from regulars.domain.tickets import AskedKind, ReportTicket, sealed
from regulars.usecases.evaluate_segment import Members, look_at_evaluation, members_page, members_sql, start_evaluation
from regulars.usecases.evaluation_record import EvaluationLook
from regulars.usecases.show_evaluations import get_evaluation, list_evaluations, show_again
from tests.domain.segments.judges import accepted
from tests.domain.segments.lake import Lake
from tests.examples import campaign_run
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries, result_key
from tests.fakes.stores import MemoryDefinitions, MemoryEvaluations, MemoryObjects, MemoryRuns
from tests.fakes.tables import lake_tables

AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
BOUGHT: dict[str, Any] = {"event": "Order Completed"}
RULES: dict[str, Any] = {
    "buyers": BOUGHT,
    "lapsing": {"all": [{"segment": "buyers"}, {"not": {**BOUGHT, "within": "30d"}}]},
    "dangling": {"segment": "gone"},
}


def document(segment_id: str) -> dict[str, Any]:
    return {"id": segment_id, "name": segment_id, "rule": RULES[segment_id]}


class World:
    def __init__(self) -> None:
        self.definitions, self.evaluations, self.runs, self.lake = MemoryDefinitions(), MemoryEvaluations(), MemoryRuns(), MemoryObjects()
        self.queries = ScriptedQueries({"AS people FROM": [{"people": "42"}]}, bytes_scanned=20_000_000)
        self.catalog, self.clock = lake_tables(events="7", identities="8"), MovableClock()
        for segment_id in RULES:
            self.definitions.put("segment", segment_id, document(segment_id), at=MOMENT, by="ann")

    def start(self, kind: AskedKind, segment_id: str = "lapsing", *, as_of: datetime | None = AS_OF, request: str = "r1") -> EvaluationLook:
        return start_evaluation(
            segment_id,
            kind=kind,
            as_of=as_of,
            request=request,
            by="mara",
            definitions=self.definitions,
            evaluations=self.evaluations,
            queries=self.queries,
            catalog=self.catalog,
            clock=self.clock,
        )

    def look(self, ticket: str) -> EvaluationLook:
        return look_at_evaluation(ticket, evaluations=self.evaluations, queries=self.queries, lake=self.lake)

    def page(self, ticket: str, page: str = "") -> Members:
        return members_page(ticket, page=page, evaluations=self.evaluations, lake=self.lake)

    def again(self, evaluation_id: str, segment_id: str = "lapsing") -> EvaluationLook:
        self.clock.advance(timedelta(minutes=1))
        return show_again(
            segment_id,
            evaluation_id,
            request="again",
            by="zoe",
            evaluations=self.evaluations,
            runs=self.runs,
            queries=self.queries,
            catalog=self.catalog,
            clock=self.clock,
        )

    def found(self, *people: str) -> None:
        """What Athena writes of the query that was asked last."""
        rows = "".join(f'"{person}","{len(people)}"\n' for person in people)
        self.lake.content[result_key(str(len(self.queries.ran) - 1))] = f'"user_id","people"\n{rows}'.encode()

    def listed(self, *people: str, segment_id: str = "lapsing") -> EvaluationLook:
        """An evaluation that found these."""
        started = self.start("members", segment_id)
        self.found(*people)
        return self.look(started.ticket)

    def history(self, segment_id: str = "lapsing", limit: int = 50) -> Any:
        return list_evaluations(
            segment_id,
            limit=limit,
            definitions=self.definitions,
            evaluations=self.evaluations,
            runs=self.runs,
            queries=self.queries,
            lake=self.lake,
        ).evaluations


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(("kind", "expected"), [("count", [2]), ("members", ["ann", "zoë"])])
def test_the_statement_counts_or_lists_in_order(kind: AskedKind, expected: list[Any], world: World) -> None:
    lake = Lake()
    august, today = datetime(2017, 8, 1, tzinfo=UTC), datetime(2017, 9, 30, tzinfo=UTC)
    bought = [("zoë", august), ("ann", august), ("bob", august), ("bob", today), ("late", AS_OF)]
    lake.fill([{"user_id": user, "event_ts": at, "event_name": "Order Completed", "message_id": f"{user}{at}"} for user, at in bought])
    started = world.start(kind)
    assert (started.state, started.kind, started.as_of, started.version) == ("queued", kind, AS_OF, 1)
    (asked,) = world.queries.ran
    accepted(asked)
    assert lake.column(asked.replace(" FOR VERSION AS OF 7", "").replace(" FOR VERSION AS OF 8", "")) == expected


def test_the_sql_shown_is_laid_out_and_is_that_of_the_moment(world: World) -> None:
    shown = members_sql("buyers", as_of=AS_OF, definitions=world.definitions, clock=world.clock)
    assert shown.sql.startswith("WITH owners AS (\n  SELECT\n")
    assert "CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))" in shown.sql
    assert shown.as_of == AS_OF


def test_without_a_moment_it_is_now(world: World) -> None:
    shown = members_sql("buyers", as_of=None, definitions=world.definitions, clock=world.clock)
    assert (shown.as_of, "CAST('2026-11-21 22:15:00.000000' AS TIMESTAMP(6))" in shown.sql) == (MOMENT, True)
    started = world.start("count", "buyers", as_of=None)
    world.clock.advance(timedelta(minutes=1))
    assert started.as_of == world.look(started.ticket).as_of == MOMENT


def test_a_segment_that_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundError, match="there is no segment ghost"):
        world.start("count", "ghost")
    with pytest.raises(NotFoundError):
        world.history("ghost")


def test_a_reference_that_has_gone_is_refused(world: World) -> None:
    with pytest.raises(InvalidRuleError, match="no segment `gone`"):
        world.start("count", "dangling")


def test_what_is_asked_is_kept_before_it_is_answered(world: World) -> None:
    world.definitions.put("segment", "buyers", document("buyers") | {"name": "Newer"}, at=MOMENT, by="ann")
    started = world.start("count")
    kept = get_evaluation("lapsing", started.id, evaluations=world.evaluations, runs=world.runs)
    assert kept == Evaluation(
        id=started.id,
        segment_id="lapsing",
        kind="count",
        as_of=AS_OF,
        started_at=MOMENT,
        started_by="mara",
        versions={"buyers": 2, "lapsing": 1},
        sql=kept.sql,
        snapshots={"events": "7", "identities": "8"},
        query_id="0",
    )
    assert kept.sql in world.queries.ran[0]
    assert kept.sql.count("FROM events FOR VERSION AS OF 7") == kept.sql.count("FROM events") > 0


def test_a_count_comes_with_what_it_scanned_and_cost_and_is_kept(world: World) -> None:
    found = world.look(world.start("count").ticket)
    assert (found.state, found.kind, found.as_of) == ("succeeded", "count", AS_OF)
    assert (found.count, found.bytes_scanned) == (42, 20_000_000)
    assert found.cost_usd == pytest.approx(0.0001)
    world.queries.ran.clear()  # Athena has forgotten it
    assert world.look(found.ticket) == found


@pytest.mark.parametrize("state", ["queued", "running"])
def test_an_evaluation_that_is_not_done_says_so_and_has_no_count_yet(state: QueryState, world: World) -> None:
    world.queries.state = state
    found = world.look(world.start("count").ticket)
    assert (found.state, found.count, found.cost_usd) == (state, None, 0.0)
    members = world.start("members", request="r2").ticket
    with pytest.raises(ConflictError, match="look at it until it has succeeded"):
        world.page(members)


@pytest.mark.parametrize(("state", "cost"), [("failed", 0.0), ("cancelled", 0.0001)])
def test_a_failed_evaluation_says_why_and_only_a_cancelled_one_costs(state: QueryState, cost: float, world: World) -> None:
    world.queries.state = state
    found = world.look(world.start("count").ticket)
    assert (found.state, found.reason, found.count) == (state, "because", None)
    assert found.cost_usd == pytest.approx(cost)


def test_members_come_page_by_page_and_are_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryObjects, "chunk", 35)
    done = world.listed("ann", "bob", "cyd")
    assert (done.state, done.count) == ("succeeded", 3)
    first = world.page(done.ticket)
    assert first.members == ["ann"]
    second = world.page(done.ticket, first.next)
    assert second.members == ["bob", "cyd"]
    assert world.page(done.ticket, second.next) == Members([], "")


def test_nobody_is_an_empty_list(world: World) -> None:
    done = world.listed()
    assert (done.count, world.page(done.ticket)) == (0, Members([], ""))


def test_a_list_that_could_not_be_kept_is_kept_by_the_next_look(world: World) -> None:
    started = world.start("members")
    world.found("ann")
    world.lake.lost = lambda _: True
    with pytest.raises(StoreUnavailableError):
        world.look(started.ticket)
    world.lake.lost = lambda _: False
    assert world.look(started.ticket).count == 1


def test_a_count_has_no_members(world: World) -> None:
    with pytest.raises(InvalidRequestError, match=r"ticket: this is a count; .* kind members"):
        world.page(world.look(world.start("count").ticket).ticket)


def test_a_ticket_that_is_no_evaluations_is_refused(world: World) -> None:
    for ticket in ("nonsense", sealed(ReportTicket("0", "r1", MOMENT))):
        with pytest.raises(InvalidRequestError, match=r"^ticket: "):
            world.look(ticket)
        with pytest.raises(InvalidRequestError, match=r"^ticket: "):
            world.page(ticket)


def test_an_evaluation_that_is_forgotten_is_not_found(world: World) -> None:
    started = world.start("count")
    world.evaluations.kept.clear()
    with pytest.raises(NotFoundError):
        world.look(started.ticket)


def test_evaluations_are_listed_with_what_became_of_them_also_where_nobody_had_looked(world: World) -> None:
    counted = world.start("count")
    world.clock.advance(timedelta(minutes=1))
    done = world.listed("ann", "bob")
    newer, older = world.history()
    assert (newer.id, newer.kind, newer.count, newer.listed, newer.started_by) == (done.id, "members", 2, True, "mara")
    assert (older.id, older.kind, older.count, older.listed, older.version) == (counted.id, "count", 42, False, 1)
    assert [each.id for each in world.history(limit=1)] == [done.id]
    assert world.history("buyers") == []


def test_what_athena_has_forgotten_is_listed_as_it_was(world: World) -> None:
    world.start("count")
    world.queries.ran.clear()
    assert [(each.state, each.count) for each in world.history()] == [("queued", None)]


def test_a_list_is_shown_again_although_the_lake_went_on_and_its_snapshots_expired(world: World) -> None:
    done = world.listed("ann", "bob")
    world.catalog.commit("events", "9")
    world.catalog.expire("events")
    again = world.again(done.id)
    assert again == done
    assert world.page(again.ticket).members == ["ann", "bob"]
    assert len(world.queries.ran) == 1


def test_a_count_is_shown_member_by_member_at_its_snapshots_and_has_its_list_from_then_on(world: World) -> None:
    counted = world.look(world.start("count").ticket)
    world.catalog.commit("events", "9")
    world.definitions.put("segment", "buyers", document("buyers") | {"rule": {"everyone": True}}, at=MOMENT, by="ann")
    again = world.again(counted.id)
    assert (again.state, again.kind, again.as_of, again.snapshots) == ("queued", "members", AS_OF, {"events": "7", "identities": "8"})
    accepted(world.queries.ran[-1])
    assert world.evaluations.get("lapsing", counted.id).sql in world.queries.ran[-1]
    world.found("ann", "bob")
    assert world.look(again.ticket).count == 2
    world.catalog.expire("events")
    shown = world.again(counted.id)
    assert (shown.id, world.page(shown.ticket).members) == (counted.id, ["ann", "bob"])
    assert [(each.id, each.again, each.started_by) for each in world.history()] == [(again.id, counted.id, "zoe"), (counted.id, "", "mara")]


def test_people_who_were_never_listed_cannot_be_shown_once_a_snapshot_has_expired(world: World) -> None:
    counted = world.look(world.start("count").ticket)
    world.catalog.commit("identities", "9")
    world.catalog.expire("identities")
    with pytest.raises(NotFoundError, match=r"never listed, and the snapshot 8 of `identities` has expired.*keeps its list for 90 days"):
        world.again(counted.id)


def test_the_audience_of_a_run_is_an_evaluation_of_each_of_its_segments(world: World) -> None:
    run = campaign_run("spring-1", segments=[document("lapsing"), document("buyers")], as_of=AS_OF)
    planned = run.planned(Plan({"events": "7"}, Statements("INSERT INTO assignments", "UNLOAD", "INSERT")))
    world.runs.create(planned)
    with pytest.raises(ConflictError, match="has not taken its audience"):
        world.again("spring-1")
    done = planned.sharded("m", 1).concluded(Counts(audience=3), error=None, bytes_scanned={"assign": 7}, cost={}, now=MOMENT)
    world.runs.put(done, expected=1)
    for segment_id in ("lapsing", "buyers"):
        (found,) = world.history(segment_id)
        assert (found.id, found.kind, found.as_of, found.started_by) == ("spring-1", "audience", AS_OF, "tests")
        assert (found.count, found.bytes_scanned, found.snapshots, found.version, found.listed) == (3, 7, {"events": "7"}, 1, True)
    again = world.again("spring-1")
    accepted(world.queries.ran[-1])
    assert "FROM (SELECT DISTINCT user_id FROM assignments WHERE run_id = 'spring-1' AND arm <> 'global control')" in world.queries.ran[-1]
    world.found("ann")
    assert world.look(again.ticket).count == 1
    assert world.page(again.ticket).members == ["ann"]


def test_an_evaluation_of_another_segment_is_not_shown(world: World) -> None:
    world.runs.create(replace(campaign_run("spring-1", segments=[document("buyers")])))
    counted = world.start("count")
    for evaluation_id, segment_id in ((counted.id, "buyers"), ("spring-1", "lapsing")):
        with pytest.raises(NotFoundError):
            world.again(evaluation_id, segment_id)
