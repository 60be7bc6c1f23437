"""A segment that is refreshed on the running platform: whoever comes and goes gets an event, once."""

from typing import Any

from tests.e2e.conftest import Installation

FANS = {"id": "fans", "name": "Fans", "rule": {"event": "Concert Booked", "count": {"gte": 2}}, "refresh": "1h"}
TOLD = "SELECT event_name, user_id, json_extract_scalar(properties, '$.segment_id') AS s FROM events WHERE event_name LIKE 'Segment E%'"


def booked(user: str, number: int) -> dict[str, Any]:
    return {"type": "track", "event": "Concert Booked", "userId": user, "messageId": f"{user}-concert-{number}"}


def test_who_came_since_the_last_look_gets_one_event_and_is_found_by_it(installation: Installation) -> None:
    saved = installation.put("segment", FANS)
    assert saved.returncode == 0, saved.stderr
    installation.post("/v1/batch", {"batch": [booked("ann", 1), booked("ann", 2), booked("bob", 1)]})
    installation.cli("flush")
    learned = installation.json("segment", "refresh", "fans", "--now")
    assert (learned["count"], learned["entered"], learned["exited"], learned["every"]) == (1, 0, 0, "1h")
    installation.post("/v1/batch", {"batch": [booked("bob", 2)]})
    installation.cli("flush")
    looked = installation.json("segment", "refresh", "fans", "--now")
    assert (looked["count"], looked["entered"], looked["exited"]) == (2, 1, 0)
    assert installation.cli("segment", "members", "fans", "--evaluation", looked["evaluation"]).split() == ["ann", "bob"]
    installation.cli("flush")
    assert installation.sql(TOLD) == [("Segment Entered", "bob", "fans")]
    installation.cli("segment", "archive", "fans")


def test_a_segment_that_does_not_say_so_says_how(installation: Installation) -> None:
    installation.put("segment", {name: value for name, value in FANS.items() if name != "refresh"} | {"id": "still"})
    assert "is not refreshed" in installation.cli("segment", "refresh", "still")
    refused = installation.run("segment", "refresh", "still", "--now")
    assert (refused.returncode, '"refresh": "1h"' in refused.stderr) == (1, True)
