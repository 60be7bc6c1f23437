"""A journey lives: launched, an event reaches a telephone, the same people come of looking back, and a stop lets everybody out."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from regulars.usecases.live_journeys import MAX_AGE
from tests.e2e.conftest import Installation

PEOPLE = [f"journey-{number}" for number in range(12)]

WELCOME: dict[str, Any] = {
    "id": "e2e-welcome",
    "entry": {"event": "Journey Test Signed Up"},
    "holdout": {"percent": 30},
    "exit": [{"event": "Journey Test Ordered", "as": "goal"}],
    "goal": {"event": "Journey Test Ordered", "within": "7d"},
    "start": "hello",
    "steps": {
        "hello": {"message": {"push": {"title": "Hello {{ person.traits.name }} from {{ event.place }}"}}, "then": "month"},
        "month": {"wait": "30d", "then": None},
    },
}


def until(look: Callable[[], Any], done: Callable[[Any], bool]) -> Any:
    end = time.monotonic() + 60
    while not done(found := look()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


def identified(user_id: str) -> dict[str, Any]:
    device = {"id": f"phone-{user_id}", "type": "android", "token": f"{user_id}:APA91b{'t' * 100}"}
    return {"type": "identify", "userId": user_id, "traits": {"name": user_id}, "context": {"device": device}}


def test_an_event_reaches_a_telephone_and_looking_back_finds_the_same_people(installation: Installation) -> None:
    start = datetime.now(UTC)
    assert installation.put("journey", {**WELCOME, "start": "nowhere"}).returncode == 1
    assert installation.put("journey", WELCOME).returncode == 0
    assert installation.json("journey", "launch", "e2e-welcome", "--yes")["standing"] == "live"
    installation.post("/v1/batch", {"batch": [identified(user_id) for user_id in PEOPLE]})
    for user_id in PEOPLE:
        until(lambda user_id=user_id: installation.run("profile", "get", user_id).returncode, lambda status: status == 0)  # type: ignore[misc]
    since = installation.double("/__admin/messages?since=0")["next"]
    came = [{"type": "track", "event": "Journey Test Signed Up", "userId": each, "properties": {"place": "Rome"}} for each in PEOPLE]
    for event in came:
        for _ in range(2):  # an SDK that did not hear our answer sends it again
            installation.post("/v1/batch", {"batch": [{**event, "messageId": f"up-{event['userId']}"}]})

    def inside() -> Any:
        return installation.json("journey", "status", "e2e-welcome")

    def pushes() -> list[Any]:
        return [each["body"]["message"] for each in installation.double(f"/__admin/messages?since={since}")["messages"]]

    def back() -> Any:
        return installation.json("journey", "backtest", "e2e-welcome", "--from", start.isoformat(), "--to", (start + timedelta(hours=1)).isoformat())

    installation.cli("flush")
    seen = back()
    assert (seen["people"], seen["entries"]) == (len(PEOPLE), len(PEOPLE)) and 0 < seen["held_out"] < len(PEOPLE)
    sent = until(pushes, lambda found: len(found) >= len(PEOPLE) - seen["held_out"])
    assert sorted(each["token"].partition(":")[0] for each in sent) == sorted(each["user_id"] for each in seen["shown"])
    assert {each["notification"]["title"] for each in sent} == {f"Hello {each['user_id']} from Rome" for each in seen["shown"]}
    assert until(inside, lambda found: found["waiting"] == len(sent))["waiting"] == len(sent)

    installation.post("/v1/batch", {"batch": [{"type": "track", "event": "Journey Test Ordered", "userId": sent[0]["token"].partition(":")[0]}]})
    assert until(inside, lambda found: found["waiting"] == len(sent) - 1)["waiting"] == len(sent) - 1
    assert installation.json("journey", "stop", "e2e-welcome")["standing"] == "stopped"
    assert len(pushes()) == len(sent)


REMIND: dict[str, Any] = {
    "id": "e2e-remind",
    "entry": {"event": "Journey Test Left", "key": "cart"},
    "exit": [{"event": "Journey Test Bought", "same": "cart"}],
    "start": "tell",
    "steps": {"tell": {"message": {"push": {"title": "Wrnog, {{ event.cart }}"}}, "then": "rest"}, "rest": {"wait": "1d", "then": None}},
}


def test_who_has_bought_by_then_is_told_nothing_and_who_waits_gets_the_text_that_was_mended(installation: Installation) -> None:
    """The shop tells of what was bought before the telephone tells of the cart, and while the journey is paused."""

    def tells(event: str, cart: str, *, ago: int = 0) -> None:
        at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat()
        body = {"type": "track", "event": f"Journey Test {event}", "userId": "remind", "properties": {"cart": cart}, "timestamp": at}
        assert installation.post("/v1/batch", {"batch": [{**body, "messageId": f"{event}-{cart}"}]})[0] == 200

    def waiting() -> int:
        return int(installation.json("journey", "status", "e2e-remind")["put_off"])

    def left() -> list[str]:
        runs = installation.json("journey", "why", "e2e-remind", "--user", "remind")["runs"]
        return sorted(each["key"] for each in runs if each["status"] == "out")

    assert installation.put("journey", REMIND).returncode == 0
    installation.cli("journey", "launch", "e2e-remind", "--yes")
    time.sleep(MAX_AGE.total_seconds())  # who has read what runs, for the journey before, believes it for so long
    installation.post("/v1/batch", {"batch": [identified("remind")]})
    until(lambda: installation.run("profile", "get", "remind").returncode, lambda status: status == 0)
    since = installation.double("/__admin/messages?since=0")["next"]
    tells("Bought", "ahead", ago=30)
    tells("Left", "ahead", ago=60)
    assert until(left, lambda found: found == ["ahead"]) == ["ahead"]
    installation.cli("journey", "pause", "e2e-remind")
    for cart in ("bought", "open"):
        tells("Left", cart)
    assert until(waiting, lambda found: found == 2) == 2
    tells("Bought", "bought")
    assert until(waiting, lambda found: found == 1) == 1
    mended = {**REMIND["steps"], "tell": {"message": {"push": {"title": "Mended, {{ event.cart }}"}}, "then": "rest"}}
    assert installation.put("journey", {**REMIND, "steps": mended, "migrate": {"from": [1]}}).returncode == 0
    assert any("1 messages and calls" in each["message"] for each in installation.json("journey", "preflight", "e2e-remind")["warnings"])
    installation.cli("journey", "launch", "e2e-remind", "--yes")

    def titles() -> list[str]:
        found = installation.double(f"/__admin/messages?since={since}")["messages"]
        return [each["body"]["message"]["notification"]["title"] for each in found if each["body"]["message"]["token"].startswith("remind:")]

    assert until(titles, lambda found: len(found) >= 1) == ["Mended, open"]
    installation.cli("journey", "stop", "e2e-remind")
