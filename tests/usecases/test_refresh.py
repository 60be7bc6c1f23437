"""Looking at refreshed segments: who came and went is told once, whatever is cut off, and one segment never costs another."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import orjson
import pytest

from regulars.domain.collection.message import QueueMessage, unpacked
from regulars.domain.curation.state import CurateState
from regulars.domain.errors import ConflictError, NotFoundError, QueryFailedError
from regulars.domain.refreshes import Refresh
from regulars.usecases.refresh import MARGIN, Refreshed, refresh
from regulars.usecases.show_refresh import refresh_now, show_refresh
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import MemoryQueue, MemoryRefreshTrigger, ScriptedQueries, result_key
from tests.fakes.stores import MemoryCurateState, MemoryDefinitions, MemoryEvaluations, MemoryObjects, MemoryRefreshes
from tests.fakes.tables import lake_tables

HOUR = timedelta(hours=1)
BOUGHT = {"event": "Order Completed", "within": "30d"}
SPENT = {"event": "Order Completed", "sum": "revenue", "gte": 100}


class World:
    def __init__(self) -> None:
        self.definitions, self.evaluations, self.refreshes = MemoryDefinitions(), MemoryEvaluations(), MemoryRefreshes()
        self.curate, self.lake, self.queue = MemoryCurateState(), MemoryObjects(), MemoryQueue()
        self.queries, self.catalog, self.clock = ScriptedQueries(), lake_tables(events="7", identities="8"), MovableClock()
        self.left = timedelta(minutes=14)
        self.curated()

    def put(self, segment_id: str = "lapsing", rule: Any = BOUGHT, **more: Any) -> None:
        self.definitions.put("segment", segment_id, {"id": segment_id, "name": "L", "rule": rule, "refresh": "1h", **more}, at=MOMENT, by="ann")

    def curated(self) -> None:
        """Everything until now is in the lake."""
        stored = self.curate.get()
        self.curate.put(CurateState().leased(self.clock.now()).finished(self.clock.now()), expected=stored.version)

    def look(self, only: str = "", *, queue: MemoryQueue | None = None) -> Refreshed:
        return refresh(
            only,
            time_left=lambda: self.left,
            bucket="lake",
            definitions=self.definitions,
            evaluations=self.evaluations,
            refreshes=self.refreshes,
            curate_state=self.curate,
            queries=self.queries,
            catalog=self.catalog,
            lake=self.lake,
            queue=queue or self.queue,
            clock=self.clock,
        )

    def finds(self, *people: str) -> None:
        """What Athena will write of the queries that are asked next."""
        rows = "".join(f'"{person}","{len(people)}"\n' for person in people)
        for number in range(len(self.queries.ran), len(self.queries.ran) + 4):
            self.lake.content[result_key(str(number))] = f'"user_id","people"\n{rows}'.encode()

    def hour(self, *people: str) -> Refreshed:
        """An hour later, with these people in the segment."""
        self.clock.advance(HOUR)
        self.curated()
        self.finds(*people)
        return self.look()

    def state(self, segment_id: str = "lapsing") -> Refresh:
        return self.refreshes.get(segment_id).value

    def told(self, queue: MemoryQueue | None = None) -> list[tuple[str, str]]:
        return [(event["event"], event["userId"]) for event in self.events(queue)]

    def events(self, queue: MemoryQueue | None = None) -> list[dict[str, Any]]:
        messages = [unpacked(QueueMessage("", body)) for body in (queue or self.queue).bodies]
        assert {(message.source, message.verb) for message in messages} <= {("regulars", "batch")}
        return [event for message in messages for event in message.document["batch"]]

    @contextmanager
    def queries_are(self, state: Any) -> Iterator[None]:
        self.queries.state = state
        yield
        self.queries.state = "succeeded"


@pytest.fixture
def world() -> World:
    made = World()
    made.put()
    made.finds("ann", "bob")
    return made


def test_the_first_look_learns_who_is_in_and_tells_nothing(world: World) -> None:
    assert world.look() == Refreshed(refreshed=["lapsing"])
    assert (world.queue.bodies, world.state().listed and world.state().listed.count) == ([], 2)  # type: ignore[union-attr]


def test_each_hour_tells_who_came_and_who_left(world: World) -> None:
    world.look()
    assert world.hour("bob", "cyd") == Refreshed(refreshed=["lapsing"], entered=1, exited=1)
    assert world.told() == [("Segment Exited", "ann"), ("Segment Entered", "cyd")]
    assert world.hour("bob", "cyd") == Refreshed(refreshed=["lapsing"])
    assert len(world.told()) == 2


def test_before_the_hour_is_over_or_while_nothing_new_is_curated_nobody_asks(world: World) -> None:
    world.look()
    asked = len(world.queries.ran)
    world.clock.advance(2 * HOUR)
    assert (world.look(), len(world.queries.ran)) == (Refreshed(), asked)


def test_a_look_for_one_segment_is_taken_before_its_time_and_leaves_others(world: World) -> None:
    world.put("other")
    world.look()
    world.clock.advance(timedelta(minutes=5))
    world.curated()
    world.finds("ann")
    assert world.look("lapsing") == Refreshed(refreshed=["lapsing"], exited=1)


def test_a_segment_that_does_not_say_so_or_is_archived_is_not_looked_at(world: World) -> None:
    world.definitions.put("segment", "plain", {"id": "plain", "name": "P", "rule": BOUGHT}, at=MOMENT, by="ann")
    world.put("old")
    world.definitions.archive("segment", "old")
    assert world.look().refreshed == ["lapsing"]


def test_after_a_change_of_the_rule_the_people_are_learned_anew(world: World) -> None:
    world.look()
    world.put(rule={**BOUGHT, "within": "60d"})
    assert world.hour("cyd") == Refreshed(refreshed=["lapsing"])
    assert world.told() == []
    assert world.hour("dan").entered == 1


def test_a_look_that_cannot_tell_everybody_is_gone_on_with_and_tells_the_same_events(world: World) -> None:
    world.look()
    before = world.state().listed
    world.clock.advance(HOUR)
    world.curated()
    world.finds(*(f"p{number:04}" for number in range(1200)))
    broken = MemoryQueue(fail_after=1)
    assert list(world.look(queue=broken).failed) == ["lapsing"]
    assert (world.state().listed, bool(world.state().asked), world.state().error) == (before, True, "")
    assert world.look() == Refreshed(refreshed=["lapsing"], entered=1200, exited=2)
    first, again = world.events(broken), world.events()
    assert [event["messageId"] for event in again][: len(first)] == [event["messageId"] for event in first]
    assert len({event["messageId"] for event in again}) == 1202


def test_a_look_whose_state_could_not_be_kept_is_repeated_with_the_same_events(world: World) -> None:
    world.look()
    world.clock.advance(HOUR)
    world.curated()
    world.finds("cyd")
    with world.queries_are("running"):
        assert world.look().waiting == ["lapsing"]
    world.refreshes.fails = True
    assert list(world.look().failed) == ["lapsing"]
    world.refreshes.fails = False
    assert world.look().refreshed == ["lapsing"]
    identities = [event["messageId"] for event in world.events()]
    assert identities[:3] == identities[3:]


def test_what_is_under_way_is_waited_for_and_not_asked_again(world: World) -> None:
    with world.queries_are("running"):
        assert world.look() == Refreshed(waiting=["lapsing"])
        asked = len(world.queries.ran)
        world.clock.advance(2 * HOUR)
        world.curated()
        assert (world.look(), len(world.queries.ran)) == (Refreshed(waiting=["lapsing"]), asked)
    assert world.look().refreshed == ["lapsing"]


def test_a_query_that_fails_is_said_and_asked_again_in_the_next_hour(world: World) -> None:
    world.look()
    world.queries.answers = {"people": QueryFailedError("Bytes scanned limit was exceeded")}
    assert world.hour().failed == {"lapsing": "Bytes scanned limit was exceeded"}
    assert world.state().error == "Bytes scanned limit was exceeded"
    asked = len(world.queries.ran)
    assert (world.look(), len(world.queries.ran)) == (Refreshed(), asked)
    world.queries.answers = {}
    assert world.hour("bob").exited == 1
    assert world.state().error == ""


def test_one_segment_that_cannot_be_asked_costs_no_other(world: World) -> None:
    world.put("broken", rule={"segment": "gone"})
    looked = world.look()
    assert (looked.refreshed, list(looked.failed)) == (["lapsing"], ["broken"])
    assert "gone" in world.state("broken").error


def test_of_two_looks_at_once_the_second_keeps_nothing_and_told_the_same(world: World) -> None:
    world.look()
    world.clock.advance(HOUR)
    world.curated()
    world.finds("cyd")
    with world.queries_are("running"):
        world.look()
    others: list[Refreshed] = []
    world.refreshes.before_put = lambda: others.append(world.look())
    assert (world.look(), others) == (Refreshed(), [Refreshed(refreshed=["lapsing"], entered=1, exited=2)])
    identities = [event["messageId"] for event in world.events()]
    assert identities[:3] == identities[3:]
    assert (world.state().entered, world.state().exited) == (1, 2)


def test_with_little_time_left_nothing_is_begun(world: World) -> None:
    world.left = MARGIN / 2
    assert (world.look(), world.queries.ran) == (Refreshed(), [])


def test_a_list_that_was_forgotten_is_learned_anew(world: World) -> None:
    world.look()
    world.evaluations.kept.clear()
    assert world.hour("cyd") == Refreshed(refreshed=["lapsing"])


def test_once_a_day_people_are_counted_and_the_hours_between_read_that_and_what_came_since(world: World) -> None:
    world.look()
    base = world.state().base
    assert base is not None
    assert f"TO 's3://lake/segment_bases/{base.id}/'" in world.queries.ran[0]
    assert "segment_bases" not in world.queries.ran[1]
    for _ in range(24):
        asked = len(world.queries.ran)
        world.hour("ann")
        sql, *_ = world.queries.ran[asked:]
        assert f"base = '{base.id}'" in sql
    asked = len(world.queries.ran)
    world.hour("ann")
    assert [sql.startswith("UNLOAD") for sql in world.queries.ran[asked:]] == [True, False]


def test_while_the_base_is_not_there_or_failed_the_whole_lake_is_asked(world: World) -> None:
    world.look()
    world.queries.answers = {"^UNLOAD": QueryFailedError("HIVE_PATH_ALREADY_EXISTS")}
    asked = len(world.queries.ran)
    assert world.hour("ann").exited == 1
    sql, *_ = world.queries.ran[asked:]
    assert "segment_bases" not in sql


@pytest.mark.parametrize("more", [{"rule": SPENT}, {"refresh": "1d"}])
def test_what_does_not_add_up_or_is_looked_at_once_a_day_has_no_base(more: dict[str, Any]) -> None:
    world = World()
    world.put(**more)
    world.finds("ann")
    world.look()
    assert world.state().base is None
    assert not any(sql.startswith("UNLOAD") for sql in world.queries.ran)


def test_an_evaluation_of_a_look_is_listed_and_shown_again_like_any_other(world: World) -> None:
    world.look()
    (evaluation,) = world.evaluations.listed("lapsing")
    assert (evaluation.kind, evaluation.started_by, evaluation.count) == ("members", "refresh", 2)
    assert evaluation.manifest in world.lake.content


def test_how_it_stands_is_shown(world: World) -> None:
    def shown() -> dict[str, Any]:
        told = show_refresh("lapsing", definitions=world.definitions, refreshes=world.refreshes)
        return dict(orjson.loads(orjson.dumps(told)))

    assert (shown()["every"], shown()["as_of"], shown()["count"]) == ("1h", None, None)
    world.look()
    world.hour("bob", "cyd")
    assert {name: shown()[name] for name in ("count", "entered", "exited", "under_way", "error")} == {
        "count": 2,
        "entered": 1,
        "exited": 1,
        "under_way": False,
        "error": None,
    }


def test_a_look_now_is_asked_of_a_segment_that_is_refreshed_alone(world: World) -> None:
    trigger = MemoryRefreshTrigger()
    world.definitions.put("segment", "plain", {"id": "plain", "name": "P", "rule": BOUGHT}, at=MOMENT, by="ann")
    refresh_now("lapsing", definitions=world.definitions, refreshes=world.refreshes, trigger=trigger)
    for segment_id, error in (("plain", ConflictError), ("nobody", NotFoundError)):
        with pytest.raises(error):
            refresh_now(segment_id, definitions=world.definitions, refreshes=world.refreshes, trigger=trigger)
    assert trigger.started == ["lapsing"]
