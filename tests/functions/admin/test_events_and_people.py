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


def test_the_ids_of_a_person_are_asked_for_and_fetched(world: World) -> None:
    row = {"kind": "anonymous", "id": "a1", "claimed_by": "ada", "claimed_at": "2026-11-21 10:00:00.000", "message_id": "m", "event_type": "track"}
    world.queries.answers = {"FROM identities": [{**row, "since": row["claimed_at"], "until": None, "owner": "ada"}]}
    status, started = request("POST", "/admin/identities", {"user_id": "ada"})
    assert (status, started["state"]) == (200, "queued")
    status, found = request("GET", f"/admin/identities/{started['ticket']}")
    assert (status, [each["id"] for each in found["identities"]], found["conflicts"]) == (200, ["a1"], [])


def test_a_merge_is_undone_by_whoever_asks_and_bad_wishes_are_refused(world: World) -> None:
    wish = {"user_id": "ada", "id": "a1", "decision": "separated"}
    status, decided = request("POST", "/admin/identities/decisions", wish)
    assert (status, decided["kind"], decided["decision"]) == (200, "anonymous", "separated")
    assert [key for key in world.lake.content if key.startswith("lake/identity_decisions/")]
    assert request("POST", "/admin/identities/decisions", {**wish, "decision": "forgotten"})[0] == 400
    assert request("POST", "/admin/identities/decisions", {**wish, "kind": "device"})[0] == 400
    assert request("POST", "/admin/identities/decisions", {**wish, "id": ""})[0] == 400
