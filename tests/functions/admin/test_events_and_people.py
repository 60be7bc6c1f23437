"""Flush, profiles, quarantine."""

from typing import Any

import pytest

from regulars.domain.errors import QueryFailedError
from regulars.domain.quality.catalog import Catalog, CatalogedEvent, CatalogedProperty
from regulars.domain.quality.catalog_document import KEY, written
from regulars.domain.quality.observed_values import ObservedValues
from tests.functions.admin.api import TWICE, invoke, recorded, request
from tests.functions.admin.conftest import NOON, World


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


def test_people_are_found_by_an_address_that_no_url_holds(world: World) -> None:
    row = {"user_id": "ada", "first_seen": "2026-11-21 10:00:00.000000", "last_seen": "2026-11-21 11:00:00.000000", "became": None}
    world.queries.answers = {"FROM people": [row]}
    status, begun = request("POST", "/admin/profile-searches", {"kind": "phone", "address": "0170 1234567", "country": "de"})
    assert (status, begun["state"]) == (202, "queued")
    (person,) = request("GET", f"/admin/profile-searches/{begun['ticket']}")[1]["people"]
    assert (person["user_id"], person["first_seen"]) == ("ada", "2026-11-21T10:00:00Z")
    assert request("POST", "/admin/profile-searches", {"kind": "email", "address": "ada"})[1]["field"] == "email"


def test_what_a_person_did_and_where_they_belong_is_asked_for_and_fetched(world: World) -> None:
    nothing = dict.fromkeys(("first_at", "times", "days", "revenue"))
    row = {
        **nothing,
        "section": "newest",
        "name": "Looked",
        "place_in_order": "1",
        "at_ts": "2026-11-21 10:00:00.000000",
        "source": "shop",
        "properties": '{"sku": "a"}',
    }
    world.definitions.put("segment", "twice", TWICE, at=NOON, by="me")
    world.queries.answers = {"FROM theirs": [row], "FROM deliveries": QueryFailedError("away"), "HAVING": [{"user_id": "ada"}]}
    status, begun = invoke(recorded("start_profile_view"))
    assert (status, begun["state"]) == (202, "queued")
    found = request("GET", f"/admin/profile-views/{begun['ticket']}")[1]
    assert found["events"] == [{"name": "Looked", "at": "2026-11-21T10:00:00Z", "source": "shop", "properties": {"sku": "a"}}]
    assert (found["counters"], found.get("messages"), found["missing"]) == ([], None, {"messages": "its query failed: away"})
    assert found["segments"] == [{"segment": "twice", "name": "Bought twice", "standing": "in", "reason": None}]
    assert request("GET", f"/admin/profile-views/{begun['ticket']}", now="true")[1] == found


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"events": 0}, "events"), ({"since": "soon"}, "since"), ({"since": "2999-01-01"}, "since"), ({"segments": ["nowhere"]}, "segments")],
)
def test_a_view_that_cannot_be_is_refused(world: World, asked: dict[str, Any], field: str) -> None:
    status, refused = request("POST", "/admin/profile-views", {"user_id": "ada", **asked})
    assert (status, refused["field"], world.queries.ran) == (400, field, [])


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


def test_the_quality_of_the_data_is_asked_for_and_fetched(world: World) -> None:
    row = {"section": "events", "name": "site", "part": "", "kind": "", "n": "3", "m": "1"}
    world.queries.answers = {"quarantined_events": [row]}
    status, begun = request("POST", "/admin/quality-checks", {"since": "2020-01-01"})
    assert (status, begun["state"], begun["window"]["since"]) == (202, "queued", "2020-01-01T00:00:00Z")
    found = request("GET", f"/admin/quality-checks/{begun['ticket']}")[1]
    assert found["check"]["sources"] == [{"source": "site", "accepted": 3, "corrected": 1, "quarantined": 0, "replayed": 0, "bots": 0, "tests": 0}]
    assert (found["check"]["freshness"], found["bytes_scanned"]) == ({"p50_s": None, "p95_s": None}, 7)
    assert request("POST", "/admin/quality-checks", {"since": "2999-01-01"})[1]["field"] == "since"


FREE = {"bytes_scanned": 0, "cost_usd": 0.0}


def test_the_catalog_is_shown_and_says_when_it_is_made_anew(world: World) -> None:
    assert request("GET", "/admin/events")[1] == {"events": [], "through": None, "complete": True, "rebuilding": False, **FREE}
    total = CatalogedProperty("total", {"string": 1, "number": 2})
    country = CatalogedProperty("country", {"string": 3}, ObservedValues({"1": '"FR"', "2": "true", "3": '"DE"'}, {"4": "a"}))
    order = CatalogedEvent("Order", "track", 3, NOON, NOON, ("site",), {"total": total, "country": country}, complete=False)
    world.lake.put(KEY, written(Catalog(NOON, (order,))))
    status, found = request("GET", "/admin/events")
    assert (status, found["complete"], found["rebuilding"], found["through"]) == (200, True, False, "2026-11-21T12:00:00Z")
    (shown,) = found["events"]
    assert (shown["name"], shown["count"], shown["sources"], shown["complete"]) == ("Order", 3, ["site"], False)
    assert shown["properties"] == [
        {"name": "country", "types": ["string"], "count": 3, "values": ["DE", "FR", True], "rare_values": 1},
        {"name": "total", "types": ["number", "string"], "count": 3, "values": None, "rare_values": None},
    ]
    world.lake.put(KEY, b"{broken")
    assert request("GET", "/admin/events")[1]["rebuilding"] is True


def test_refused_events_are_counted_by_reason_source_and_event(world: World) -> None:
    waiting = {"reason": "missing_id", "source": "shop", "event_name": "Bought", "replayed": "false", "events": "3"}
    times = {"first_at": "2026-11-20T00:00:00.000Z", "last_at": "2026-11-21T00:00:00.000Z", "example": "e9"}
    world.queries.answers = {"quarantined_events": [{**waiting, **times}, {**waiting, **times, "replayed": "true", "events": "2"}]}
    status, begun = request("POST", "/admin/quarantine-searches", {"reason": "missing_id"})
    assert (status, begun["state"], begun["kind"]) == (202, "queued", "groups")
    found = request("GET", f"/admin/quarantine-searches/{begun['ticket']}")[1]
    assert found["groups"] == [
        {
            "reason": "missing_id",
            "source": "shop",
            "event": "Bought",
            "count": 3,
            "first": times["first_at"],
            "last": times["last_at"],
            "example": "e9",
            "meaning": "neither userId nor anonymousId is given",
        }
    ]
    assert (found["replayed"], found["more"], found["kept_days"], found["bytes_scanned"]) == (2, False, 90, 7)


def test_refused_events_are_shown_and_sent_again_repaired(world: World) -> None:
    text = '{"type": "track", "userId": "u", "properties": {"half": "\\ud800"}}'
    entry = {"id": "e1", "at": "2026-11-21T00:00:00.000Z", "source": "shop", "reason": "missing_event_name", "message": "why", "text": text}
    world.queries.answers = {"quarantined_events": [entry, {**entry, "id": "e2", "text": '{"type": "track", "userId": "u"}'}]}
    shown = request("POST", "/admin/quarantine-searches", {"kind": "events"})[1]["ticket"]
    first, second = request("GET", f"/admin/quarantine-searches/{shown}/events")[1]["events"]
    assert (first["event_text"], first.get("event"), second["event"]) == (text, None, {"type": "track", "userId": "u"})

    replay = request("POST", "/admin/quarantine-searches", {"kind": "replay"})[1]["ticket"]
    repair = {"steps": [{"default": "event", "to": "Named"}]}
    status, page = request("POST", f"/admin/quarantine-searches/{replay}/replays", {"repair": repair, "apply": True})
    assert (status, page["good"], page["refused"], len(world.event_queue.bodies)) == (200, 1, {"invalid_text": 1}, 1)
    assert len(world.lake.content) == 1


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"reason": "missing_ids"}, "reason", "did you mean `missing_id`?"),
        ({"kind": "events", "limit": 1001}, "limit", "must be 1 to 1000"),
        ({"kind": "group"}, "kind", ""),
        ({"resaon": "x"}, "", "unknown key 'resaon'; allowed: kind, reason, source, event, ids, since, until, limit"),
        ({"ids": ["x"] * 101}, "ids", "101 ids; at most 100"),
    ],
)
def test_a_search_that_cannot_be_is_refused_with_what_is_known(asked: dict[str, Any], field: str, said: str, world: World) -> None:
    status, refused = request("POST", "/admin/quarantine-searches", asked)
    assert (status, refused.get("field", ""), said in refused["message"]) == (400, field, True)


def test_a_repair_that_is_none_is_refused_before_anything_is_read(world: World) -> None:
    status, refused = request("POST", "/admin/quarantine-searches/any/replays", {"repair": {"steps": [{"cas": "a", "to": "number"}]}})
    assert (status, refused["field"]) == (400, "repair.steps[0].cas")


def test_a_consent_is_recorded_as_an_event_of_whoever_asks(world: World) -> None:
    status, recorded = request("POST", "/admin/profiles/ada/consents", {"agreed": False, "channel": "push", "source": "by letter"})
    assert (status, recorded["purpose"], recorded["event"], recorded["against"]) == (202, "push", "Consent Withdrawn", [])
    assert len(world.event_queue.bodies) == 1
    assert request("POST", "/admin/profiles/ada/consents", {"agreed": True, "source": ""})[1]["field"] == "source"


def test_a_consent_is_recorded_of_whoever_has_an_id_that_no_path_holds(world: World) -> None:
    status, recorded = request("POST", "/admin/consents", {"user_id": "eve/a?b#c", "agreed": True, "source": "by letter"})
    assert (status, recorded["user_id"], recorded["event"]) == (202, "eve/a?b#c", "Consent Given")
    assert request("POST", "/admin/consents", {"user_id": "", "agreed": True, "source": "x"})[0] == 400


def test_the_history_of_consents_is_read_where_it_is_asked_for(world: World) -> None:
    row = {"at_ts": "2026-11-21 10:00:00.000000", "source": "site", "message_id": "m1", "traits": '{"news_opt_in": true}', "properties": None}
    world.queries.answers = {"FROM calls": [row]}
    begun = request("POST", "/admin/profile-views", {"user_id": "ada", "consents": True})[1]
    (word,) = request("GET", f"/admin/profile-views/{begun['ticket']}")[1]["consent_history"]
    assert (word["purpose"], word["agreed"], word["by"], word["message_id"]) == ("news", True, "identify", "m1")
    unasked = request("POST", "/admin/profile-views", {"user_id": "ada"})[1]
    assert request("GET", f"/admin/profile-views/{unasked['ticket']}")[1]["consent_history"] is None


def test_the_settings_are_put_shown_and_brought_back(world: World) -> None:
    assert request("GET", "/admin/settings")[1]["version"] == 0
    assert request("PUT", "/admin/settings", {"purposes": {"news": "opt_in"}})[1]["version"] == 1
    shown = request("GET", "/admin/settings")[1]
    assert (shown["purposes"], shown["stale_after_days"]) == ({"news": "opt_in"}, 30)
    assert request("PUT", "/admin/settings", {**shown, "stale_after_days": 60})[1]["version"] == 2
    assert request("PUT", "/admin/settings", {"stale": 60})[1]["field"] == "stale"
    assert request("POST", "/admin/settings/restore", {"version": 1})[1]["version"] == 3
    assert [each["version"] for each in request("GET", "/admin/settings/versions")[1]["versions"]] == [3, 2, 1]
