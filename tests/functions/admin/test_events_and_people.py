"""Flush, profiles, quarantine."""

import gzip

import orjson

from tests.functions.admin.api import request
from tests.functions.admin.conftest import World


def test_a_flush_hands_out_a_ticket_and_takes_it_back(world: World) -> None:
    world.event_queue.bodies = ["one", "two", "three"]
    status, body = request("POST", "/admin/flush", {})
    assert (status, body["state"], body["waiting_for"], body["queued"]) == (200, "pending", "queue", 3)
    assert set(body) == {"ticket", "state", "waiting_for", "queued"}
    assert request("POST", "/admin/flush", {"ticket": body["ticket"]})[0] == 200
    assert request("POST", "/admin/flush", {"ticket": "forged"})[1]["field"] == "ticket"


def test_a_person_is_found_by_any_id_in_a_query(world: World) -> None:
    status, profile = request("GET", "/admin/profiles", user_id="a/b")
    assert (status, profile["user_id"], profile["traits"]["plan"]["value"]) == (200, "a/b", "pro")
    assert request("GET", "/admin/profiles/nobody")[0] == 404
    assert request("GET", "/admin/profiles")[1]["field"] == "user_id"


def test_refused_events_are_listed_within_a_limit(world: World) -> None:
    entry = {"id": "1", "at": "2026-11-21T11:00:00Z", "source": "s", "reason": "no_user", "message": "nobody", "event": {"event": "X"}}
    world.lake.content["quarantine/dt=2026-11-21/hh=11/1.json.gz"] = gzip.compress(orjson.dumps(entry))
    status, body = request("GET", "/admin/quarantine")
    assert status == 200
    assert body["events"][0].items() >= entry.items()
    assert request("GET", "/admin/quarantine", limit="1000")[1]["field"] == "limit"
