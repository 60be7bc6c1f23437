"""`regulars settings`, and consents that are recorded by hand."""

import json
from pathlib import Path

from tests.cli.conftest import FakeApi, Run


def test_settings_are_got_as_they_can_be_put(api: FakeApi, regulars: Run, tmp_path: Path) -> None:
    api.on("GET", "/admin/settings", {"purposes": {"news": "opt_in"}, "version": 3})
    file = tmp_path / "settings.json"
    file.write_text(regulars("settings", "get").stdout)
    warning = {"path": "purposes", "message": "campaign spring: `marketing` is not declared"}
    api.on("PUT", "/admin/settings", {"id": "settings", "version": 4, "unchanged": False, "warnings": [warning]})
    done = regulars("settings", "put", str(file))
    assert done.stdout == "settings: version 4 saved\n" and "campaign spring" in done.stderr
    assert api.asked[-1][2] == {"purposes": {"news": "opt_in"}, "version": 3}


def test_an_old_version_of_the_settings_is_brought_back(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/settings/restore", {"id": "settings", "version": 5, "unchanged": False, "warnings": []})
    assert regulars("settings", "restore", "--version", "2").stdout == "settings: version 2 is the newest again, as version 5\n"


def test_a_consent_is_recorded_with_where_it_was_said(api: FakeApi, regulars: Run) -> None:
    answer = {"user_id": "ada", "purpose": "news", "agreed": True, "event": "Consent Given", "message_id": "consent-r1", "against": []}
    api.on("POST", "/admin/consents", answer, status=202)
    done = regulars("profile", "consent", "ada", "--purpose", "news", "--yes", "--source", "by telephone")
    assert done.stdout == "ada: yes to news, by the event consent-r1\n"
    assert api.asked[-1][2] == {"user_id": "ada", "purpose": "news", "channel": "", "agreed": True, "source": "by telephone"}


def test_a_yes_that_other_traits_contradict_says_so_and_fails(api: FakeApi, regulars: Run) -> None:
    answer = {"user_id": "ada", "purpose": "", "agreed": True, "event": "Consent Given", "message_id": "m", "against": ["optedOut"]}
    api.on("POST", "/admin/consents", answer, status=202)
    done = regulars("profile", "consent", "ada", "--yes", "--source", "x", "--json")
    assert done.exit_code == 1 and "optedOut" in json.loads(done.stderr)["message"]


def test_neither_yes_nor_no_is_no_consent(api: FakeApi, regulars: Run) -> None:
    assert regulars("profile", "consent", "ada", "--source", "x").exit_code == 2
    assert api.asked == []
