"""`regulars profile`: what is shown of a person, what is not and why."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.cli.conftest import FakeApi, Run

ANONYMOUS = {
    "id": "anon-1",
    "kind": "anonymous",
    "by": "identify",
    "message_id": "m1",
    "claimed_by": "a/b?",
    "claimed_at": "2026-01-01",
    "until": None,
}
ALIAS = {**ANONYMOUS, "id": "old", "kind": "user", "by": "alias", "claimed_by": "ada", "since": "2026-01-02", "owner": "ada"}
BOUGHT = {"name": "Bought", "count": 3, "days": 2, "first": "2026-01-01", "last": "2026-01-02"}
SEEN: dict[str, Any] = {"counters": [BOUGHT], "events": [{"name": "Looked", "at": "2026-01-02"}], "messages": [], "segments": [], "missing": {}}
NOBODY = {"code": "not_found", "message": "there is no profile"}


def knows(api: FakeApi, *identities: dict[str, Any], conflicts: Sequence[dict[str, Any]] = (), view: dict[str, Any] = SEEN) -> None:
    """What the API answers when it is asked for a person's ids and view."""
    price = {"bytes_scanned": 7, "cost_usd": 0.00005}
    api.on("POST", "/admin/identities", {"ticket": "t", "state": "queued"})
    known = {"ticket": "t", "state": "succeeded", "identities": list(identities), "conflicts": list(conflicts), **price}
    api.on("GET", "/admin/identities/t", known)
    api.on("POST", "/admin/profile-views", {"ticket": "v", "state": "queued"}, status=202)
    api.on("GET", "/admin/profile-views/v", {"ticket": "v", "state": "succeeded", **view, **price})


def has(api: FakeApi, user: str) -> None:
    api.on("GET", f"/admin/profiles?user_id={user}", {"user_id": user, "traits": {"plan": {"value": "pro", "at": "2026-01-01"}}, "devices": {}})


def asked(api: FakeApi, path: str) -> Any:
    """The body of the last request there."""
    return [body for _, asked, body in api.asked if asked == path][-1]


def test_a_profile_is_asked_for_by_any_id_and_its_token_is_not_shown_whole(api: FakeApi, regulars: Run) -> None:
    traits = {"plan": {"value": "pro", "at": "2026-01-01T00:00:00Z"}}
    devices = {"d1": {"token": "token-1:APA91b" + "x" * 100, "platform": "android", "at": "2026-01-01T00:00:00Z"}}
    api.on("GET", "/admin/profiles?user_id=a%2Fb%3F", {"user_id": "a/b?", "traits": traits, "devices": devices})
    knows(api, {**ANONYMOUS, "since": "2026-01-01", "owner": "a/b?"}, conflicts=[{**ANONYMOUS, "id": "anon-2", "owner": "ada"}])
    shown = regulars("profile", "get", "a/b?").stdout
    assert "pro" in shown and "anon-1" in shown and "anon-2" in shown
    assert "Bought" in shown and "Looked" in shown and "$0.000100" in shown
    assert "xxx" not in shown


def test_somebody_of_whom_only_ids_are_known_has_a_profile_all_the_same(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/profiles?user_id=ada", {"code": "not_found", "message": "there is no profile"}, status=404)
    knows(api, {**ANONYMOUS, "since": "2026-01-01", "owner": "ada"})
    assert json.loads(regulars("profile", "get", "ada", "--json").stdout)["identities"][0]["id"] == "anon-1"
    knows(api, view={**SEEN, "counters": [], "events": []})
    assert regulars("profile", "get", "ada", "--json").exit_code == 1


def test_somebody_of_whom_only_events_are_known_is_shown(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/profiles?user_id=ada", NOBODY, status=404)
    knows(api)
    assert json.loads(regulars("profile", "get", "ada", "--json").stdout)["counters"] == [BOUGHT]


def test_whoever_became_another_is_shown_as_that_one_with_when_and_by_which_event(api: FakeApi, regulars: Run) -> None:
    has(api, "ada")
    api.on("GET", "/admin/profiles?user_id=old", {"user_id": "old", "traits": {"size": {"value": "XL", "at": "2026-01-01"}}, "devices": {}})
    knows(api, ALIAS)
    renamed = {"became": "ada", "renaming": ALIAS, "identities": [], "conflicts": []}
    api.on("GET", "/admin/identities/t", *[{"ticket": "t", "state": "succeeded", **each} for each in (renamed, {"identities": [ALIAS]})] * 2)
    shown = regulars("profile", "get", "old").stdout
    assert "old is now ada since 2026-01-02, by alias m1" in shown and "pro" in shown and "Bought" in shown
    assert "told as old" in shown and "XL" in shown
    assert asked(api, "/admin/profile-views")["user_id"] == "ada"
    found = json.loads(regulars("profile", "get", "old", "--json").stdout)
    assert (found["asked_for"], found["user_id"], found["became"], found["identities"]) == ("old", "ada", "ada", [ALIAS])


SEGMENTS = [
    {"segment": "buyers", "name": "Buyers", "standing": "in", "reason": None},
    {"segment": "lookers", "name": "Lookers", "standing": "out", "reason": None},
    {"segment": "late", "name": "Late", "standing": "not_asked", "reason": "too many"},
]


def test_segments_say_how_the_person_stands_and_which_were_not_asked(api: FakeApi, regulars: Run) -> None:
    has(api, "ada")
    knows(api, view={**SEEN, "segments": SEGMENTS})
    done = regulars("profile", "get", "ada", "--segment", "buyers", "--segment", "lookers")
    assert done.exit_code == 0
    assert [line.split() for line in done.stdout.splitlines() if "ookers" in line or "uyers" in line] == [
        ["buyers", "Buyers", "in"],
        ["lookers", "Lookers", "out"],
    ]
    assert "not asked (--segment ID does): late" in done.stdout
    assert asked(api, "/admin/profile-views")["segments"] == ["buyers", "lookers"]


def test_what_cannot_be_read_says_why_and_all_else_is_shown(api: FakeApi, regulars: Run) -> None:
    has(api, "ada")
    broken = {"segment": "broken", "name": "Broken", "standing": "unknown", "reason": "its query failed: TABLE"}
    knows(api, view={**SEEN, "messages": None, "missing": {"messages": "its query failed: HIVE"}, "segments": [*SEGMENTS, broken]})
    plain, in_json = regulars("profile", "get", "ada"), regulars("profile", "get", "ada", "--json")
    assert "Bought" in plain.stdout and "pro" in plain.stdout and "messages: not read: its query failed: HIVE" in plain.stdout
    shown, error = json.loads(in_json.stdout), json.loads(in_json.stderr)
    assert (plain.exit_code, in_json.exit_code, error["code"]) == (1, 1, "incomplete")
    assert "messages: its query failed: HIVE; segment broken: its query failed: TABLE" in error["message"]
    assert (shown["messages"], shown["counters"], shown["missing"]) == (None, [BOUGHT], {"messages": "its query failed: HIVE"})


@pytest.mark.parametrize(("path", "lost"), [("identities/t", ["identities", "conflicts"]), ("profile-views/v", list(SEEN)[:4])])
def test_a_query_that_fails_whole_costs_its_own_part_alone(api: FakeApi, regulars: Run, path: str, lost: list[str]) -> None:
    has(api, "ada")
    knows(api, ANONYMOUS)
    api.on("GET", f"/admin/{path}", {"code": "query_failed", "message": "Athena is away"}, status=502)
    done = regulars("profile", "get", "ada", "--json")
    shown = json.loads(done.stdout)
    assert (done.exit_code, list(shown["missing"]), shown["traits"]["plan"]["value"]) == (1, lost, "pro")
    assert "Bought" in done.stdout or "anon-1" in done.stdout


def test_what_is_there_after_a_while_is_shown_without_the_rest(api: FakeApi, regulars: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.profile.PATIENCE", 0.0)
    has(api, "ada")
    knows(api)
    api.on("GET", "/admin/profile-views/v", {"ticket": "v", "state": "running"})
    so_far = {**SEEN, "messages": None, "missing": {"messages": "its query is not over yet: ask again"}, "bytes_scanned": 7, "cost_usd": 0.00005}
    api.on("GET", "/admin/profile-views/v?now=true", {"ticket": "v", "state": "running", **so_far})
    done = regulars("profile", "get", "ada")
    assert (done.exit_code, "Bought" in done.stdout, "messages: its query is not over yet" in done.stderr) == (1, True, True)


def test_a_segment_that_is_not_there_is_refused(api: FakeApi, regulars: Run) -> None:
    knows(api)
    api.on("POST", "/admin/profile-views", {"code": "invalid_request", "message": "segments: there is no segment x"}, status=400)
    done = regulars("profile", "get", "ada", "--segment", "x")
    assert (done.exit_code, done.stdout, "there is no segment x" in done.stderr) == (1, "", True)


def test_since_and_events_bound_what_is_shown(api: FakeApi, regulars: Run) -> None:
    has(api, "ada")
    knows(api)
    assert regulars("profile", "get", "ada", "--since", "2026-01-02", "--events", "5").exit_code == 0
    assert asked(api, "/admin/profile-views") == {"user_id": "ada", "events": 5, "segments": [], "since": "2026-01-02T00:00:00+00:00"}


@pytest.mark.parametrize("given", [("--since", "soon"), ("--since", "99999999999d"), ("--since", "2999-01-01"), ("--events", "0"), ("--events", "x")])
def test_nonsense_is_told_with_what_is_allowed_before_anything_is_asked(api: FakeApi, regulars: Run, given: tuple[str, str]) -> None:
    done = regulars("profile", "get", "ada", *given)
    assert (done.exit_code, done.stdout, api.asked, given[0] in done.stderr) == (2, "", [], True)
    assert given[0] != "--since" or "As in 10m, 2h, 7d" in done.stderr


def test_people_are_found_by_an_address_with_its_price(api: FakeApi, regulars: Run) -> None:
    people = [{"user_id": "ada", "first_seen": "2026-01-01T00:00:00Z", "last_seen": "2026-01-02T00:00:00Z", "became": None}]
    api.on("POST", "/admin/profile-searches", {"ticket": "t", "state": "queued"}, status=202)
    api.on("GET", "/admin/profile-searches/t", {"ticket": "t", "state": "succeeded", "people": people, "bytes_scanned": 7, "cost_usd": 0.00005})
    assert json.loads(regulars("profile", "find", "--email", "ada@shop.example", "--json").stdout)["people"] == people
    shown = regulars("profile", "find", "--phone", "0170 1", "--country", "DE").stdout
    assert "ada" in shown and "$0.000050" in shown
    assert api.asked[-2][2] == {"kind": "phone", "address": "0170 1", "country": "DE"}
    assert regulars("profile", "find").exit_code == 2


def test_a_merge_that_is_there_is_undone_and_one_that_is_not_is_refused(api: FakeApi, regulars: Run) -> None:
    knows(api, {**ANONYMOUS, "claimed_by": "ada", "since": "2026-01-01", "owner": "ada"})
    api.on("POST", "/admin/identities/decisions", {"id": "anon-1", "decision": "separated", "at": "2026-01-02"})
    assert "anon-1 is separated as of 2026-01-02" in regulars("profile", "separate", "ada", "--id", "anon-1", "--yes").stdout
    unasked = regulars("profile", "separate", "ada", "--id", "anon-1")
    assert (unasked.exit_code, "nothing was decided" in unasked.stderr) == (3, True)
    refused = regulars("profile", "separate", "ada", "--id", "anon-9")
    assert (refused.exit_code, "has no anonymous id anon-9" in refused.stderr) == (1, True)
    api.on("POST", "/admin/identities/decisions", {"id": "anon-1", "decision": "joined", "at": "2026-01-03"})
    assert "joined" in regulars("profile", "join", "ada", "--id", "anon-1", "--yes").stdout


def test_values_are_told_apart_and_consents_read_forwards(api: FakeApi, regulars: Run) -> None:
    values = {"vip": False, "gone": None, "empty": "", "share": 0.004, "shop": 55520, "push_opted_out": False}
    traits = {name: {"value": value, "at": "2026-01-01"} for name, value in values.items()}
    consents = {"push_opted_out": {"agreed": True, "at": "2026-01-01", "purpose": "push"}}
    api.on("GET", "/admin/profiles?user_id=ada", {"user_id": "ada", "traits": traits, "devices": {}, "consents": consents})
    knows(api)
    lines = [line.split() for line in regulars("profile", "get", "ada").stdout.splitlines()]
    shown = {words[0]: words[1] for words in lines if len(words) > 1}
    assert {name: shown[name] for name in values} == {
        "vip": "false",
        "gone": "null",
        "empty": '""',
        "share": "0.004",
        "shop": "55520",
        "push_opted_out": "false",
    }
    assert ["push", "yes", "2026-01-01", "push_opted_out:", "false"] in lines


def test_what_a_client_sent_never_commands_the_terminal(api: FakeApi, regulars: Run) -> None:
    evil = "\x1b[31mred\x9b2J"
    trait = {"value": evil, "at": "2026-01-01"}
    api.on("GET", "/admin/profiles?user_id=ada", {"user_id": evil, "traits": {evil: trait}, "devices": {}})
    knows(api, view={**SEEN, "missing": {"messages": evil}, "messages": None})
    for options in ((), ("--json",)):
        shown = regulars("profile", "get", "ada", *options).stdout
        assert not {"\x1b", "\x9b"} & set(shown) and "\\u001b[31mred\\u009b2J" in shown
