import json
from pathlib import Path

from tests.cli.conftest import FakeApi, Run

BEGUN = {
    "ticket": "q1",
    "state": "queued",
    "sentence": 'did "Order Completed" at least once or trait plan is "pro"',
    "sql": "SELECT 1",
    "as_of": "2026-01-02T00:00:00Z",
    "clauses": [
        {"path": "rule.any[0]", "sentence": 'did "Order Completed" at least once', "adds": True},
        {"path": "rule.any[1]", "sentence": 'trait plan is "pro"', "adds": True},
    ],
}
DONE = {
    "ticket": "q1",
    "state": "succeeded",
    "count": 1234,
    "clauses": [{"path": "rule.any[1]", "alone": 300, "leaves": 1234}, {"path": "rule.any[0]", "alone": 1000, "leaves": 1000}],
    "bytes_scanned": 2_500_000,
    "cost_usd": 0.00005,
}


def test_explain_shows_the_sentence_and_the_funnel(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/segments/twice/explanations", BEGUN, status=202)
    api.on("GET", "/admin/explanations/q1", DONE)
    shown = regulars("segment", "explain", "twice", "--as-of", "2026-01-02").stdout
    assert 'Whoever did "Order Completed" at least once or trait plan is "pro":\n1,234 people as of 2026-01-02' in shown
    assert "+ 1,000" in shown and "+ 1,234" in shown
    assert api.asked[0][2] == {"as_of": "2026-01-02"}


def test_explain_as_json_has_each_clause_with_its_words_and_figures(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/segments/twice/explanations", BEGUN, status=202)
    api.on("GET", "/admin/explanations/q1", DONE)
    shown = json.loads(regulars("segment", "explain", "twice", "--json").stdout)
    assert list(shown) == ["sentence", "sql", "as_of", "count", "clauses", "bytes_scanned", "cost_usd"]
    assert shown["clauses"][1] == {"path": "rule.any[1]", "sentence": 'trait plan is "pro"', "adds": True, "alone": 300, "leaves": 1234}


def test_preview_sends_the_rule_of_a_file_and_saves_nothing(api: FakeApi, regulars: Run, tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_text(json.dumps({"id": "x", "name": "X", "rule": {"event": "Order Completed"}}))
    api.on("POST", "/admin/segment-previews", BEGUN, status=202)
    api.on("GET", "/admin/explanations/q1", DONE)
    assert regulars("segment", "preview", str(file)).exit_code == 0
    assert api.asked[0] == ("POST", "/admin/segment-previews", {"rule": {"event": "Order Completed"}})


def test_a_query_that_fails_is_told(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/segments/twice/explanations", BEGUN, status=202)
    api.on("GET", "/admin/explanations/q1", {**DONE, "state": "failed", "reason": "too much"})
    done = regulars("segment", "explain", "twice")
    assert (done.exit_code, "the query failed: too much" in done.stderr) == (1, True)
