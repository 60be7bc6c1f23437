"""What docs/campaigns.md shows of answers is what is answered, and its commands are commands."""

import json
import re
import shlex
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer.main
from pydantic import TypeAdapter

from cli.program import app
from regulars.domain.campaigns.foresight import Preflight
from regulars.domain.campaigns.whereabouts import Whereabouts, whereabouts
from regulars.domain.people.profile import Profile
from tests.examples import campaign_run, person
from tests.fakes.stores import MemoryProfiles
from tests.usecases.test_preflight import World

PAGE = (Path(__file__).parents[2] / "docs/campaigns.md").read_text()
COMMANDS = sorted(set(re.findall(r"^    (regulars .*)$", PAGE, re.MULTILINE)) | set(re.findall(r"`(regulars [^`]+)`", PAGE)))


def shown(kind: str) -> Any:
    (example,) = re.findall(rf"```json {kind}\n(.*?)```", PAGE, re.DOTALL)
    return json.loads(example)


def as_json(kind: Any, answer: object) -> Any:
    return TypeAdapter(kind).dump_python(answer, mode="json")


def test_the_preflight_that_is_shown_is_the_one_that_is_answered() -> None:
    world = World(message={"push": {"title": "Hi {{ person.traits.name | default: 'there' }}", "body": "10 % off this week"}})
    world.profiles = MemoryProfiles([person("ann", name="Ann"), Profile("bob", {}), person("cy"), person("dora")])
    assert "Hi {{ person.traits.name | default: 'there' }}" in PAGE
    wanted, found = shown("preflight"), as_json(Preflight, world.foresee())
    assert found == {**wanted, "campaign_id": "spring", "cost_usd": found["cost_usd"]}


def test_the_reason_that_is_shown_is_the_one_that_is_answered() -> None:
    at = datetime(2026, 10, 1, 12, tzinfo=UTC)
    campaign = {"id": "spring", "audience": {"include": ["regulars"]}, "message": {"push": {"body": "x"}}}
    run = replace(campaign_run("spring-1", campaign, launched_at=at), state="succeeded", manifest="m")
    row = {"arm": "treated", "bucket": "7000", "device_id": "d1", "outcome": "skipped", "reason": "capped"}
    found = whereabouts(run, "cy", [{**row, "delivered_ts": "2026-10-01 12:00:05.000000"}], frozenset({"regulars"}), is_known=True)
    assert as_json(Whereabouts, found) == shown("why")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_is_shown_is_one(command: str) -> None:
    known: Any = typer.main.get_command(app)
    words = shlex.split(command)[1:]
    while hasattr(known, "commands"):
        word = words.pop(0)
        assert word in known.commands, command
        known = known.commands[word]
    options = {name for parameter in known.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options, command


def test_there_are_commands() -> None:
    assert len(COMMANDS) > 10
