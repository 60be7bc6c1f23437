"""Advice goes by the API's code, and names the command that helps."""

import json
from pathlib import Path

import pytest

from cli.errors import TRANSIENT, advice_on
from regulars.domain import errors
from tests.cli.conftest import FakeApi, Run

NOUNS = {"segments": "segment list", "sources": "source list", "campaigns": "campaign list", "journeys": "journey list", "runs": "campaign runs"}


def leaves(of: type[errors.RegularsError]) -> set[str]:
    return {of.code} if not of.__subclasses__() else set().union(*map(leaves, of.__subclasses__()))


def test_only_what_may_pass_is_called_safe_to_try_again() -> None:
    safe = {code for code in leaves(errors.RegularsError) if "safe to try again" in advice_on(502, code, method="GET", path=("segments",))}
    assert safe == leaves(errors.RegularsError) & TRANSIENT
    assert safe == {"too_many_requests", "queue_unavailable", "store_unavailable", "push_unavailable", *(safe - leaves(errors.RegularsError))}


def test_a_refused_credential_is_not_to_be_tried_again_and_says_what_to_mend(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/runs", {"code": "push_configuration", "message": "FCM refuses our credentials"}, status=502)
    told = regulars("campaign", "launch", "spring", "--yes").stderr
    assert ("safe" in told, "FcmSecretArn" in told) == (False, True)


def test_an_empty_id_is_told_before_anything_is_asked(api: FakeApi, regulars: Run) -> None:
    done = regulars("journey", "preflight", "")
    assert (done.exit_code, api.asked) == (2, []) and "an id is needed, and this one is empty" in done.stderr


def test_what_will_pass_by_its_code_is_asked_again_whatever_its_status(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/segments/x/evaluations", {"ticket": "t", "state": "queued", "kind": "count", "as_of": "now"}, status=202)
    away, failed = {"code": "store_unavailable", "message": "away"}, {"code": "query_failed", "message": "no"}
    api.answers["GET", "/admin/evaluations/t"] = [(500, away), (503, failed), (200, {})]
    done = regulars("segment", "count", "x")
    assert (done.exit_code, "(query_failed)" in done.stderr, len(api.asked)) == (1, True, 3)


@pytest.mark.parametrize("noun", NOUNS)
def test_an_id_that_is_not_there_names_the_command_that_lists_those_that_are(noun: str) -> None:
    assert f"`regulars {NOUNS[noun]}`" in advice_on(404, "not_found", method="GET", path=(noun, "x"))


MANY = [{"path": "id", "message": "letters are needed"}, {"path": "steps.a", "message": "nobody can get\x07 here"}]


def refused(api: FakeApi, problems: list[dict[str, str]]) -> None:
    more = f" (and {len(problems) - 1} more problem)" if len(problems) > 1 else ""
    answer = {"code": "invalid_journey", "message": f"{problems[0]['path']}: {problems[0]['message']}{more}", "problems": problems}
    api.on("PUT", "/admin/journeys/cart", answer, status=400)


def test_everything_that_is_wrong_with_a_document_is_told_a_line_each(api: FakeApi, regulars: Run, tmp_path: Path) -> None:
    file = tmp_path / "cart.json"
    file.write_text('{"id": "cart"}')
    refused(api, MANY)
    assert regulars("journey", "put", str(file)).stderr.splitlines() == [
        "regulars: 2 things are wrong (invalid_journey)",
        "  id: letters are needed",
        "  steps.a: nobody can get\\u0007 here",
    ]
    told = json.loads(regulars("journey", "put", str(file), "--json").stderr)
    assert told == {"code": "invalid_journey", "message": "2 things are wrong (invalid_journey)", "problems": MANY}


def test_one_thing_that_is_wrong_is_told_in_one_line(api: FakeApi, regulars: Run, tmp_path: Path) -> None:
    file = tmp_path / "cart.json"
    file.write_text('{"id": "cart"}')
    refused(api, MANY[:1])
    assert regulars("journey", "put", str(file)).stderr == "regulars: id: letters are needed (invalid_journey)\n"
