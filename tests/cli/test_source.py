"""`regulars source ...`"""

import json

from tests.cli.conftest import FakeApi, Run

AT = "2026-11-21T12:00:00+00:00"
APP = {"name": "app", "state": "active", "created_at": AT, "revoked_at": None}


def test_a_new_source_prints_its_key_and_that_it_is_shown_only_now(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/sources", {"name": "app", "write_key": "k-1", "others_end_at": None})
    shown = regulars("source", "create", "app")
    assert shown.exit_code == 0 and "shown only now" in shown.stdout and "    k-1\n" in shown.stdout
    assert api.asked == [("POST", "/admin/sources", {"name": "app", "write_key": ""})]


def test_a_key_may_be_brought_along(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/sources", {"name": "app", "write_key": "of-old", "others_end_at": None})
    assert json.loads(regulars("source", "create", "app", "--write-key", "of-old", "--json").stdout)["write_key"] == "of-old"
    assert api.asked[0][2] == {"name": "app", "write_key": "of-old"}


def test_a_rotated_source_says_until_when_the_old_key_is_good(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/sources/app/rotate", {"name": "app", "write_key": "k-2", "others_end_at": AT})
    shown = regulars("source", "rotate", "app", "--overlap", "12h")
    assert "k-2" in shown.stdout and "its other keys end by 2026-11-21 12:00 UTC" in shown.stdout
    regulars("source", "rotate", "app")
    assert [body["overlap"] for _, _, body in api.asked] == ["12h", "7d"]


def test_sources_are_listed_with_their_keys_by_fingerprint(api: FakeApi, regulars: Run) -> None:
    keys = [{"fingerprint": "ba7816bf", "made_at": AT, "ends_at": None}, {"fingerprint": "00112233", "made_at": AT, "ends_at": AT}]
    api.on("GET", "/admin/sources", {"sources": [{**APP, "keys": keys}, {**APP, "name": "site", "state": "revoked", "keys": []}]})
    lines = [line for line in regulars("source", "list").stdout.splitlines() if line.strip()]
    app, site = (next(line.split() for line in lines if name in line.split()) for name in ("app", "site"))
    assert app == ["app", "active", "2026-11-21", "12:00", "ba7816bf,", "00112233", "until", "2026-11-21", "12:00"]
    assert site[:2] == ["site", "revoked"]


def test_a_source_is_revoked_and_one_that_is_not_there_says_where_to_look(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/sources/app/revoke", {**APP, "state": "revoked", "keys": []})
    assert regulars("source", "revoke", "app").stdout == "source app: revoked\n"
    api.on("POST", "/admin/sources/site/revoke", {"code": "not_found", "message": "there is no source site"}, status=404)
    refused = regulars("source", "revoke", "site")
    assert refused.exit_code == 1 and "`regulars source list` shows which there are" in refused.stderr
