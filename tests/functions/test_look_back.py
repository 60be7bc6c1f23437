"""The three functions of a look back, one after the other, as the state machine calls them."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from functions.merge_replay.handler import lambda_handler as merge
from functions.plan_replay.handler import lambda_handler as plan
from functions.replay_shard.handler import lambda_handler as replay
from regulars import wiring
from regulars.config import Config
from regulars.domain.errors import InvalidJourneyError, InvalidRequestError, NotFoundError, ShardCutOffError
from regulars.domain.journeys.look_back import MADE_FOR, Question, result_key
from regulars.usecases.look_back import HindsightLook, look_at_look_back, question_document, start_look_back
from regulars.usecases.plan_replay import PLANS
from tests.fakes.clock import MovableClock
from tests.fakes.services import MemoryLookBackRunner, ScriptedQueries
from tests.fakes.stores import MemoryDefinitions, MemoryObjects
from tests.usecases.journey_world import DOCUMENTS

EVENTS = Path(__file__).parents[2] / "events"
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
SIGNED_UP = ["2026-11-02 09:00:00.000000+00:00", "Signed Up", "s1", "2026-11-02 09:00:01.000000+00:00", "", "", ""]
CONTEXT: Any = SimpleNamespace(memory_limit_in_mb="1769")
UNLOADED = "s3://regulars-lake/query-results/0b1e6f0e-manifest.csv"


class World:
    def __init__(self) -> None:
        self.definitions, self.lake, self.clock = MemoryDefinitions(), MemoryObjects(), MovableClock(NOW)
        self.queries, self.runner = ScriptedQueries({"COUNT": [{"events": "1"}]}), MemoryLookBackRunner()
        self.definitions.put("journey", "welcome", DOCUMENTS["welcome"], at=NOW, by="mara")
        self.definitions.put("journey", "second", {**DOCUMENTS["welcome"], "id": "second"}, at=NOW, by="mara")

    def ask(self, *beside: str, **more: Any) -> str:
        question = Question(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC), beside=beside)
        return start_look_back("welcome", question, request="r1", definitions=self.definitions, runner=self.runner, clock=self.clock, **more).ticket

    def unload(self, *people: dict[str, Any], folder: str = "a/shard=0") -> None:
        key = f"look_backs/x/past/{folder}/1.gz"
        self.lake.content[key] = gzip.compress(b"".join(json.dumps(each).encode() + b"\n" for each in people))
        self.lake.content["query-results/0b1e6f0e-manifest.csv"] = f"s3://regulars-lake/{key}\n".encode()

    def run(self) -> dict[str, Any]:
        """As the state machine does it."""
        ((look_back_id, asked),) = self.runner.started.items()
        planned = plan({**asked, "look_back_id": look_back_id}, CONTEXT)
        statistics = {"DataManifestLocation": UNLOADED, "DataScannedInBytes": 20_000_000}
        replayed = [replay({"look_back_id": look_back_id, "shard": each, "statistics": statistics}, None) for each in planned["shards"]]  # type: ignore[arg-type]
        given = {"look_back_id": look_back_id, "plan": planned, "statistics": statistics, "replayed": replayed}
        return merge(given, CONTEXT)

    def look(self, ticket: str) -> HindsightLook:
        return look_at_look_back(ticket, lake=self.lake, clock=self.clock)


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    config = Config({"LAKE_BUCKET": "regulars-lake"})
    wiring.install(config=config, definitions=world.definitions, queries=world.queries, lake=world.lake, clock=world.clock)
    world.unload({"user_id": "ann", "did": [SIGNED_UP], "zone": ""})
    yield world
    wiring.install()


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return found


def test_every_payload_is_handled(world: World) -> None:
    planned = plan(payload("plan_replay/saved"), CONTEXT)
    assert (planned["shards"], planned["events"]) == ([0], 1)
    assert replay(payload("replay_shard/nobody"), CONTEXT)["people"] == 0
    assert replay(payload("replay_shard/first"), CONTEXT)["people"] == 1
    assert merge(payload("merge_replay/merged"), CONTEXT)["messages"] == [2]
    assert merge(payload("merge_replay/failed"), CONTEXT)["reason"] == "Bytes scanned limit was exceeded"


def test_what_was_found_is_there_when_somebody_asks_after_it(world: World) -> None:
    ticket = world.ask()
    assert world.look(ticket).state == "running"
    world.run()
    look = world.look(ticket)
    assert look.state == "succeeded" and look.hindsight is not None and not look.beside
    assert dict(look.hindsight.messages) == {"hello": 1, "nudge": 1}
    assert (look.hindsight.people, look.hindsight.entries, look.hindsight.version) == (1, 1, 1)


def test_it_says_what_looking_cost_and_what_the_journey_would_have(world: World) -> None:
    ticket = world.ask()
    world.run()
    found = world.look(ticket).hindsight
    assert found is not None and found.cost is not None and found.running is not None
    assert found.bytes_scanned == 20_000_000 + world.queries.bytes_scanned
    assert found.cost_usd == pytest.approx(found.cost.usd) and found.cost.athena >= 0.0001 and found.cost.step_functions == pytest.approx(7 * 2.5e-5)
    assert (found.running.moves, found.running.messages) == (found.moves, 2) and 0 < found.running.usd < 0.001


def test_it_says_who_would_have_got_nothing_and_of_which_share_of_the_people(world: World) -> None:
    push = {"push": {"title": "{{ person.traits.name }}"}}
    ticket = world.ask(draft={**DOCUMENTS["welcome"], "start": "m", "steps": {"m": {"message": push, "then": None}}})
    world.run()
    found = world.look(ticket).hindsight
    assert found is not None and found.texts_of == 1.0
    assert [(each.step, each.reason, each.people, each.messages) for each in found.unmade] == [("m", "empty_message", 1, 1)]
    assert [(each.title, each.fails) for each in found.shown] == [("", "empty_message")]


def test_of_very_many_events_texts_are_made_for_a_share_of_the_people_and_the_shards_know_which(world: World) -> None:
    world.queries.answers["COUNT"] = [{"events": str(4 * MADE_FOR)}]
    ticket = world.ask()
    world.run()
    found = world.look(ticket).hindsight
    assert found is not None and found.texts_of == 0.25
    assert PLANS.validate_json(next(text for key, text in world.lake.content.items() if key.endswith("plan.json"))).text_buckets == 2_500


def test_journeys_that_send_to_the_same_people_are_looked_at_together(world: World) -> None:
    ticket = world.ask("second")
    world.run()
    look = world.look(ticket)
    assert look.hindsight is not None and (look.hindsight.journey_id, [each.journey_id for each in look.beside]) == ("welcome", ["second"])
    assert look.hindsight.alone and look.beside[0].messages == look.hindsight.messages


@pytest.mark.parametrize("beside", [("welcome",), ("second", "second"), tuple(f"j{n}" for n in range(20))])
def test_a_journey_that_is_named_twice_and_too_many_are_refused(beside: tuple[str, ...], world: World) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        world.ask(*beside)
    assert refused.value.field == "with"


def test_a_long_span_has_room_for_fewer_journeys(world: World) -> None:
    question = Question(NOW - timedelta(days=731), NOW, beside=tuple(f"j{n}" for n in range(5)))
    with pytest.raises(InvalidRequestError, match=r"^with: 6 journeys over 731 days are 4,386 days of all of them; at most 3,660$"):
        start_look_back("welcome", question, request="r", definitions=world.definitions, runner=world.runner, clock=world.clock)


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        (NOW - timedelta(days=1), NOW - timedelta(days=2), "to: is no later than `from`, 2026-11-20T10:00:00Z"),
        (NOW - timedelta(days=732), NOW, "to: is more than 731 days later than `from`"),
        (NOW + timedelta(days=1), NOW + timedelta(days=2), "from: it is 2026-11-21T10:00:00Z: nobody knows yet what people do later"),
    ],
)
def test_a_span_that_is_none_says_what_is_wrong_with_it_alone(begins: datetime, ends: datetime, said: str, world: World) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        start_look_back("welcome", Question(begins, ends), request="r", definitions=world.definitions, runner=world.runner, clock=world.clock)
    assert str(refused.value) == said


def test_a_journey_that_is_not_saved_can_be_looked_back_with(world: World) -> None:
    ticket = world.ask(draft={**DOCUMENTS["welcome"], "entry": {"event": "Signed In"}})
    world.run()
    found = world.look(ticket).hindsight
    assert found is not None and found.entries == 0


def test_a_shard_reads_what_lies_in_its_own_folder_alone(world: World) -> None:
    world.unload({"user_id": "ann", "did": [SIGNED_UP], "zone": ""}, folder="shard=0/shard=10")
    world.ask()
    (look_back_id,) = world.runner.started
    plan({**world.runner.started[look_back_id], "look_back_id": look_back_id}, CONTEXT)
    read = [
        replay({"look_back_id": look_back_id, "shard": shard, "statistics": {"DataManifestLocation": UNLOADED}}, None)["people"]  # type: ignore[arg-type]
        for shard in (0, 1, 10)
    ]
    assert read == [0, 0, 1]


def test_a_shard_that_is_not_whole_tells_nothing(world: World) -> None:
    world.ask()
    key = "look_backs/x/past/a/shard=0/1.gz"
    world.lake.content[key] = world.lake.content[key][:-12]
    with pytest.raises(ShardCutOffError):
        world.run()
    with pytest.raises(NotFoundError):
        merge(payload("merge_replay/merged"), CONTEXT)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        ({"Error": "QueryFailedError", "Cause": '{"errorMessage": "too many bytes"}'}, "too many bytes"),
        ({"Error": "States.ExceedToleratedFailureThreshold", "Cause": "The specified tolerated failure threshold was exceeded"}, "replay_shard"),
        ({"Error": "States.Timeout"}, "States.Timeout"),
    ],
)
def test_why_there_is_nothing_is_told(failure: dict[str, str], reason: str, world: World) -> None:
    ticket = world.ask()
    (look_back_id,) = world.runner.started
    merge({"look_back_id": look_back_id, "failure": failure}, CONTEXT)
    look = world.look(ticket)
    assert look.state == "failed" and reason in (look.reason or "")
    assert result_key("a") == "backtests/a.json"


def test_everything_that_was_asked_reaches_the_state_machine(world: World) -> None:
    question = Question(datetime(2026, 11, 1, tzinfo=UTC), NOW, 500, "ann", ("second",))
    start_look_back("welcome", question, request="r", definitions=world.definitions, runner=world.runner, clock=world.clock)
    (asked,) = world.runner.started.values()
    assert asked == {"journey_id": "welcome", "question": question_document(question), "document": None}


def test_a_rule_that_asks_what_somebody_did_is_refused_before_anything_starts(world: World) -> None:
    did = {"event": "Product Viewed", "within": "7d"}
    world.definitions.put("segment", "viewers", {"id": "viewers", "name": "Viewers", "rule": did}, at=NOW, by="mara")
    for rule in (did, {"not": {"segment": "viewers"}}):
        draft = {**DOCUMENTS["welcome"], "entry": {"event": "Signed Up", "if": rule}}
        with pytest.raises(InvalidJourneyError, match=r"^entry\.if.*which a look back does not know"):
            world.ask(draft=draft)
    assert not world.runner.started
