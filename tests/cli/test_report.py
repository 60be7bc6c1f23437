"""`campaign report`: on the terminal, as JSON, and as a page in a file."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.report_effects import amount, points
from tests.cli.conftest import FakeApi, Run

THREE_ARMS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "domain/measure/page/three_arms.json").read_text())
PAGE = "<!doctype html>\n<title>Wiedersehen · שלום</title>\n"


@pytest.fixture
def reported(api: FakeApi) -> FakeApi:
    api.on("POST", "/admin/runs/r1/reports", {"ticket": "q1", "state": "queued"}, status=202)
    api.on("GET", "/admin/reports/q1", {"ticket": "q2", "state": "succeeded", "report": THREE_ARMS})
    api.on("GET", "/admin/reports/q2/page", {"ticket": "q2", "state": "succeeded", "html": PAGE})
    return api


def test_the_terminal_shows_the_sentence_then_every_figure_of_the_report(reported: FakeApi, regulars: Run) -> None:
    shown = regulars("campaign", "report", "r1").stdout
    assert shown.startswith("Variant mens won.")
    people = ("a head, EUR", "value, EUR a head", "18.28 %", "+1,631", "1.42", "+15,968.30")
    effects = (
        "+7.65 pp",
        "+72 %",
        "cuped, explains 23 %",
        "however often one looks",
        "more (p < 0.001)",
        "of 20 equally likely values of it, 20 lie above",
    )
    others = (
        "mens won: more people",
        "unsubscribed",
        "opted_out",
        "eligible",
        "$0.4158",
        "$0.0002 for each",
        "note: warning: of every 1,000",
        "p = 0.91",
    )
    assert [part for part in (*people, *effects, *others) if part not in shown] == []


def test_each_interval_is_a_line_beside_no_effect(reported: FakeApi, regulars: Run) -> None:
    lines = regulars("campaign", "report", "r1").stdout.splitlines()
    drawn = [line.split()[0] for line in lines if "●" in line]
    assert drawn == ["mens", "womens", "mens", "womens"]
    mens, womens = [line for line in lines if "●" in line][:2]
    assert mens.index("┊") == womens.index("┊") < womens.index("●") < mens.index("●")


def test_a_line_is_of_the_estimate_that_the_verdict_is_from_and_there_is_none_before_there_is_one(api: FakeApi, regulars: Run) -> None:
    conversions, money = [[each for each in THREE_ARMS["effect"] if each["metric"] == metric] for metric in ("conversion", "value")]
    one, other = money
    effects = [*conversions, {**one, "judged_by": None}, {**other, "quantiles": other["quantiles"][:7]}]
    api.on("POST", "/admin/runs/r1/reports", {"ticket": "q1", "state": "queued"}, status=202)
    api.on("GET", "/admin/reports/q1", {"ticket": "q1", "state": "succeeded", "report": {**THREE_ARMS, "effect": effects}})
    lines = [line.split() for line in regulars("campaign", "report", "r1").stdout.splitlines()]
    drawn = [place for place, line in enumerate(lines) if "●" in "".join(line)]
    assert [lines[place][0] for place in drawn] == ["mens", "womens", "womens"]
    assert lines[drawn[-1] + 1][:2] == ["of", "7"], "the dots are those of the line above"


def test_what_is_unclear_was_caused_between_its_bounds_and_no_single_number_is_told(api: FakeApi, regulars: Run) -> None:
    effects = [{**each, "verdict": "unclear", "judged_by": "plain", "low": -0.0001, "high": 0.5} for each in THREE_ARMS["effect"]]
    effects[-1]["judged_by"] = None
    api.on("POST", "/admin/runs/r1/reports", {"ticket": "q1", "state": "queued"}, status=202)
    api.on("GET", "/admin/reports/q1", {"ticket": "q1", "state": "succeeded", "report": {**THREE_ARMS, "effect": effects}})
    told = regulars("campaign", "report", "r1").stdout
    assert "+15,968" not in told and "+1,631" not in told
    assert "-2 to +10,654" in told and "-2.13 to +10,653.50" in told
    assert told.count("too early to say") == 2, "of what it caused, and as the verdict: nothing is judged yet"
    assert told.count("cannot be told from chance") == len(effects) - 1


def test_a_bound_that_is_not_zero_never_reads_as_zero_and_no_number_has_a_hundred_digits() -> None:
    assert [amount("value", value) for value in (-0.0025, 0.0, -0.0, 1e99, 2e-9, 1234.5)] == [
        *("-0.003", "+0.00", "+0.00", "+1.00e99", "+2.00e-9", "+1,234.50")
    ]
    assert points(-0.000025) == "-0.003 pp"


def test_a_value_that_nobody_knows_is_no_column_of_zeros(api: FakeApi, regulars: Run) -> None:
    arms = [{**each, "value": 0.0, "value_a_head": None, "caused_value": None} for each in THREE_ARMS["arms"]]
    api.on("POST", "/admin/runs/r1/reports", {"ticket": "q1", "state": "queued"}, status=202)
    api.on("GET", "/admin/reports/q1", {"ticket": "q1", "state": "succeeded", "report": {**THREE_ARMS, "arms": arms}})
    (titles,) = [line.split() for line in regulars("campaign", "report", "r1").stdout.splitlines() if line.split()[:2] == ["arm", "people"]]
    assert titles[2:] == ["sent", "received", "opened", "converted", "rate", "because", "of", "it"]


def test_a_cost_that_is_there_is_never_nothing(api: FakeApi, regulars: Run) -> None:
    cheap = {**THREE_ARMS, "cost": {"athena": 0, "total": 12.3}, "cost_per_conversion": 0.00004}
    api.on("POST", "/admin/runs/r1/reports", {"ticket": "q1", "state": "queued"}, status=202)
    api.on("GET", "/admin/reports/q1", {"ticket": "q1", "state": "succeeded", "report": cheap})
    assert "cost: athena $0, total $12.30; under $0.0001 for each conversion" in regulars("campaign", "report", "r1").stdout


def test_a_narrow_terminal_leaves_the_lines_out_rather_than_break_them(reported: FakeApi, regulars: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "28")
    shown = regulars("campaign", "report", "r1").stdout
    assert "●" not in shown
    assert "+7.65 pp" in shown


def test_html_writes_the_page_and_says_where(reported: FakeApi, regulars: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text("an older one")
    assert f"page: {file}" in regulars("campaign", "report", "r1", "--html", str(file)).stdout
    assert file.read_text() == PAGE
    assert [path.name for path in tmp_path.glob("report*")] == ["report.html"]


def test_html_and_json_go_together(reported: FakeApi, regulars: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    assert json.loads(regulars("campaign", "report", "r1", "--json", "--html", str(file)).stdout) == {**THREE_ARMS, "html": str(file)}
    assert file.exists()


def test_a_file_that_cannot_be_written_is_said_before_anything_is_asked_for(reported: FakeApi, regulars: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for file, why in (("nowhere/report.html", "No such file"), ("file/report.html", "Not a directory"), (".", "it is a folder")):
        done = regulars("campaign", "report", "r1", "--html", str(tmp_path / file))
        assert (done.exit_code, "cannot write" in done.stderr, why in done.stderr) == (1, True, True), done.stderr
    assert reported.asked == []


def test_a_report_that_fails_leaves_the_file_as_it_was(api: FakeApi, regulars: Run, tmp_path: Path) -> None:
    api.on("POST", "/admin/runs/r1/reports", {"ticket": "q1", "state": "queued"}, status=202)
    api.on("GET", "/admin/reports/q1", {"ticket": "q1", "state": "failed", "reason": "TABLE_NOT_FOUND"})
    file = tmp_path / "report.html"
    file.write_text("an older one")
    assert regulars("campaign", "report", "r1", "--html", str(file)).exit_code == 1
    assert file.read_text() == "an older one"
    assert [path.name for path in tmp_path.glob("report*")] == ["report.html"]
