"""Who it is: what a browser did before and after somebody signed in there is theirs, in whatever order it arrives, until it is undone."""

from typing import Any

from tests.e2e.conftest import Installation

LOOKED = {"id": "looked", "name": "Looked twice", "rule": {"event": "Jacket Viewed", "count": {"gte": 2}}}


def of(browser: str, number: int, *, user: str | None = None, kind: str = "track") -> dict[str, Any]:
    event = {"type": kind, "messageId": f"{browser}-{number}", "anonymousId": browser, "timestamp": f"2026-01-10T12:0{number}:00Z"}
    event |= {"event": "Jacket Viewed"} if kind == "track" else {}
    return event | ({"userId": user} if user else {})


def members(installation: Installation, *more: str) -> list[str]:
    return installation.cli("segment", "members", "looked", *more).split()


def test_an_anonymous_visit_joins_whoever_signs_in_there_in_either_order_and_can_be_separated(installation: Installation) -> None:
    installation.put("segment", LOOKED)
    arrivals = [
        [
            of("before", 1),
            of("before", 3),
            of("before", 0, kind="identify") | {"traits": {"size": "M"}},
            of("after", 2, user="otto", kind="identify"),
        ],
        [of("before", 2, user="iris", kind="identify"), of("after", 1), of("after", 3)],
    ]
    for batch in arrivals:
        assert installation.post("/v1/batch", {"batch": batch})[0] == 200
        installation.cli("flush")
    assert members(installation) == ["iris", "otto"]
    assert members(installation, "--as-of", "2026-01-10T12:02:30Z") == []
    shown = installation.json("profile", "get", "iris")
    assert [(each["id"], each["by"], each["message_id"]) for each in shown["identities"]] == [("before", "identify", "before-2")]
    assert shown["traits"]["size"]["value"] == "M"

    installation.cli("profile", "separate", "iris", "--id", "before", "--yes")
    installation.cli("flush")
    assert "size" not in installation.json("profile", "get", "iris")["traits"]
    assert members(installation) == ["otto"]
    assert members(installation, "--as-of", "2026-01-11") == ["iris", "otto"]
