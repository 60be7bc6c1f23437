import json
from typing import Any

from tests.cli.conftest import FakeApi, Run

BEGUN = {"ticket": "q1", "state": "queued", "user_id": "a/b", "as_of": "2017-10-01T00:00:00Z"}


def clause(path: str, sentence: str, verdict: bool | None, *because: str) -> dict[str, Any]:
    return {"path": path, "sentence": sentence, "verdict": verdict, "because": [{"text": text} for text in because]}


EXPLAINED = BEGUN | {
    "state": "succeeded",
    "member": False,
    "became": None,
    "clauses": [
        clause("rule", 'did "A" at least once and not (is in the segment "pros")', None),
        clause("rule.all[0]", 'did "A" at least once', True, "1 event counted", '"A" at 2017-09-30T00:00:00Z'),
        clause("rule.all[1]", 'not (is in the segment "pros")', None),
        clause("rule.all[1].not", 'is in the segment "pros"', None),
        clause("rule.all[1].not.segment", 'trait plan is "pro"', None, "no identify call told plan"),
    ],
    "bytes_scanned": 2_500_000,
    "cost_usd": 0.00005,
}


def asked(api: FakeApi, answer: dict[str, Any]) -> None:
    api.on("POST", "/admin/segments/twice/person-explanations", BEGUN, status=202)
    api.on("GET", "/admin/person-explanations/q1", BEGUN | {"state": "running"}, answer)


def test_each_clause_has_its_mark_and_below_it_what_decided(api: FakeApi, regulars: Run) -> None:
    asked(api, EXPLAINED)
    done = regulars("segment", "explain", "twice", "--user", "a/b", "--as-of", "2017-10-01")
    assert done.stdout == (
        "a/b is not in twice as of 2017-10-01T00:00:00Z\n"
        "? all of these:\n"
        '  ✓ did "A" at least once\n'
        "      1 event counted\n"
        '      "A" at 2017-09-30T00:00:00Z\n'
        "  ? not this:\n"
        '    ? is in the segment "pros":\n'
        '      ? trait plan is "pro"\n'
        "          no identify call told plan\n"
        "2.50 MB scanned, $0.000050\n"
    )
    assert api.asked[0] == ("POST", "/admin/segments/twice/person-explanations", {"user_id": "a/b", "as_of": "2017-10-01"})


def test_json_has_the_answer_without_the_ticket(api: FakeApi, regulars: Run) -> None:
    asked(api, EXPLAINED)
    shown = json.loads(regulars("segment", "explain", "twice", "--user", "a/b", "--json").stdout)
    assert set(shown) == {"user_id", "member", "clauses", "became", "bytes_scanned", "cost_usd", "as_of"}
    assert (shown["member"], shown["clauses"][0]["verdict"]) == (False, None)


def test_who_became_another_is_told_so(api: FakeApi, regulars: Run) -> None:
    asked(api, EXPLAINED | {"became": "zoe"})
    assert "They had become zoe by then" in regulars("segment", "explain", "twice", "--user", "a/b").stdout


def test_what_cannot_be_explained_is_an_error_with_its_reason(api: FakeApi, regulars: Run) -> None:
    asked(api, BEGUN | {"state": "failed", "reason": "more than 5,000 events"})
    done = regulars("segment", "explain", "twice", "--user", "a/b")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "more than 5,000 events" in done.stderr
