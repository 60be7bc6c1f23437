"""Advice goes by the API's code, and names the command that helps."""

import pytest

from cli.errors import TRANSIENT, advice_on
from regulars.domain import errors
from tests.cli.conftest import FakeApi, Run

NOUNS = {"segments": "segment list", "sources": "source list", "campaigns": "campaign list", "runs": "campaign runs"}


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


def test_what_will_pass_by_its_code_is_asked_again_whatever_its_status(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/segments/x/evaluations", {"ticket": "t", "state": "queued", "kind": "count", "as_of": "now"}, status=202)
    away, failed = {"code": "store_unavailable", "message": "away"}, {"code": "query_failed", "message": "no"}
    api.answers["GET", "/admin/evaluations/t"] = [(500, away), (503, failed), (200, {})]
    done = regulars("segment", "count", "x")
    assert (done.exit_code, "(query_failed)" in done.stderr, len(api.asked)) == (1, True, 3)


@pytest.mark.parametrize("noun", NOUNS)
def test_an_id_that_is_not_there_names_the_command_that_lists_those_that_are(noun: str) -> None:
    assert f"`regulars {NOUNS[noun]}`" in advice_on(404, "not_found", method="GET", path=(noun, "x"))
