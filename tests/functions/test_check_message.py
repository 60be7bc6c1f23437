"""The check_message handler over its real payloads."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.check_message.handler import lambda_handler, log
from regulars import wiring
from regulars.domain.errors import PushConfigurationError
from tests.usecases.test_check_message import World

EVENTS = Path(__file__).parents[2] / "events/check_message"


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    wiring.install(definitions=world.definitions, profiles=world.profiles, devices=world.devices, fcm_admin=world.fcm)
    yield world
    wiring.install()


def answered(payload: str) -> dict[str, Any]:
    context: Any = None
    return lambda_handler(json.loads((EVENTS / payload).read_text()), context)


def test_a_check_answers_json_and_sends_nothing(world: World) -> None:
    told = answered("check.json")
    assert json.loads(json.dumps(told)) == told
    assert (told["sent"], [one["outcome"] for one in told["messages"]]) == (False, ["accepted", "accepted"])
    assert world.fcm.sent == []


def test_a_test_is_sent_and_logged_without_a_token_or_a_trait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    logged = io.StringIO()
    monkeypatch.setattr(log.registered_handler, "stream", logged)
    assert [one["device_id"] for one in answered("test.json")["messages"]] == ["a1", "a2"] * 2
    assert len(world.fcm.sent) == 4
    assert '"checked"' in logged.getvalue()
    assert not any(secret in logged.getvalue() for secret in ("Ann", '"t1"', '"t2"'))


def test_who_hears_a_topic_is_changed(world: World) -> None:
    assert answered("topic.json") == {
        "topic": "news",
        "user_id": "ann",
        "subscribed": True,
        "devices": [{"device_id": "a1", "code": ""}, {"device_id": "a2", "code": ""}],
    }


def test_a_refusal_is_an_answer_and_no_failure_of_the_function(world: World) -> None:
    world.profiles.stored.clear()
    assert answered("test.json") == {"refused": {"error": "InvalidRequestError", "message": "there is no profile of 'ann'", "field": "user_id"}}


def test_what_is_ours_to_mend_is_a_failure(world: World) -> None:
    world.fcm.refuses = PushConfigurationError("the secret is empty")
    with pytest.raises(PushConfigurationError):
        answered("check.json")


def test_a_draft_is_asked_about_in_place_of_what_is_saved(world: World) -> None:
    told = answered("draft.json")
    assert (told["version"], [one["variant"] for one in told["messages"]]) == (0, ["treated", "treated"])
    assert {message["notification"]["title"] for message in world.fcm.validated} == {"Hello Ann"}
