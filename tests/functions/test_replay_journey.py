import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from functions.replay_journey.handler import lambda_handler
from regulars import wiring
from regulars.domain.errors import QueryFailedError
from regulars.usecases.replay_journey import Question, look_at_replay, question_of, result_key, start_replaying_journey
from tests.fakes.clock import MovableClock
from tests.fakes.services import MemoryReplayTrigger, ScriptedQueries
from tests.fakes.stores import MemoryDefinitions, MemoryObjects
from tests.usecases.journey_world import DOCUMENTS

EVENTS = Path(__file__).parents[2] / "events" / "replay_journey"
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
RESULT = (
    '"user_id","name","event_ts","received_ts","message_id","source","properties","traits"\n'
    '"ann","Signed Up","2026-11-02 09:00:00.000","2026-11-02 09:00:01.000","s1","shop",,\n'
)


class World:
    def __init__(self) -> None:
        self.definitions, self.lake, self.clock = MemoryDefinitions(), MemoryObjects(), MovableClock(NOW)
        self.queries, self.trigger = ScriptedQueries({"SELECT": []}), MemoryReplayTrigger()
        self.definitions.put("journey", "welcome", DOCUMENTS["welcome"], at=NOW, by="mara")

    def ask(self, **more: Any) -> str:
        question = Question(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))
        return start_replaying_journey(
            "welcome", question, request="r1", definitions=self.definitions, trigger=self.trigger, clock=self.clock, **more
        ).ticket

    def handle(self) -> dict[str, Any]:
        ((backtest_id, journey_id, question, document),) = self.trigger.started
        event = {"backtest_id": backtest_id, "journey_id": journey_id, "question": question}
        return lambda_handler(event | ({"document": document} if document else {}), None)  # type: ignore[arg-type]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World()
    wiring.install(definitions=world.definitions, queries=world.queries, lake=world.lake, clock=world.clock)
    run = world.queries.run

    def written(sql: str) -> Any:
        query = run(sql)
        world.lake.content[query.result.removeprefix("s3://").partition("/")[2]] = RESULT.encode()
        return query

    monkeypatch.setattr(world.queries, "run", written)
    yield world
    wiring.install()


@pytest.mark.parametrize("case", sorted(path.stem for path in EVENTS.glob("*.json")))
def test_every_payload_is_replayed(case: str, world: World) -> None:
    told = lambda_handler(json.loads((EVENTS / f"{case}.json").read_text()), None)  # type: ignore[arg-type]
    assert (told["people"], told["entries"], told["messages"]) == (1, 1, 2)


def test_what_was_found_is_there_when_somebody_asks_after_it(world: World) -> None:
    ticket = world.ask()
    assert look_at_replay(ticket, lake=world.lake, clock=world.clock).state == "running"
    world.handle()
    look = look_at_replay(ticket, lake=world.lake, clock=world.clock)
    assert look.state == "succeeded" and look.hindsight is not None
    assert dict(look.hindsight.messages) == {"hello": 1, "nudge": 1}


def test_a_journey_that_is_not_saved_can_be_looked_back_with(world: World) -> None:
    ticket = world.ask(draft={**DOCUMENTS["welcome"], "entry": {"event": "Signed In"}})
    world.handle()
    look = look_at_replay(ticket, lake=world.lake, clock=world.clock)
    assert look.hindsight is not None and look.hindsight.entries == 0


def test_why_there_is_nothing_is_told(world: World) -> None:
    ticket = world.ask()
    world.queries.answers = {"SELECT": QueryFailedError("too many bytes")}
    with pytest.raises(QueryFailedError):
        world.handle()
    look = look_at_replay(ticket, lake=world.lake, clock=world.clock)
    assert (look.state, look.reason) == ("failed", "too many bytes")
    assert question_of(world.trigger.started[0][2]).sample_buckets == 10_000
    assert result_key("a") == "backtests/a.json"
