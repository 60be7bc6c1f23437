import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import FakeApi, Run


def month(name: str, *, unfinished: bool = False, revenue: float | None = 1000.0) -> dict[str, Any]:
    figures = {"reached": 900, "acted": 300, "converted": 90, "engaged": 30, "orders": 120, "revenue": revenue}
    return {"month": name, "unfinished": unfinished, **figures}


def flow(name: str, *, unfinished: bool = False) -> dict[str, Any]:
    figures = {"new": 60, "won_back": 2, "lapsed": 5, "customers": 400, "active": 250, "at_risk": 50, "gone": 100}
    return {"month": name, "unfinished": unfinished, **figures}


def after(number: int, share: float, *, unfinished: bool = False) -> dict[str, Any]:
    return {"after": number, "unfinished": unfinished, "people": round(60 * share), "share": share, "revenue": 1.0}


def effect(metric: str, *, note: str | None = None, **bounds: Any) -> dict[str, Any]:
    unknown = ("difference", "low", "high", "p", "verdict", "adjusted", "anytime", "judged_by", "caused")
    return {"metric": metric, "method": "welch", **dict.fromkeys(unknown), "note": note, **bounds}


ADJUSTED = {"method": "cuped", "difference": 1.5, "low": 0.5, "high": 2.5, "p": 0.003, "explained": 0.4}
QUARTER: dict[str, Any] = {
    "quarter": "2026Q4",
    "since": "2026-10-01T00:00:00Z",
    "unfinished": True,
    "percent": 5,
    "held_out": 1000,
    "messaged": 19000,
    "rate_held_out": 0.1,
    "rate_messaged": 0.112,
    "value_held_out": 20.0,
    "value_messaged": 21.4,
    "effect": [
        effect("conversion", difference=0.012, low=-0.004, high=0.026, verdict="unclear", anytime={"low": -0.008, "high": 0.03}, judged_by="anytime"),
        effect("value", difference=1.4, low=0.6, high=2.2, verdict="more", adjusted=ADJUSTED, anytime={"low": 0.3, "high": 2.5}, judged_by="anytime"),
    ],
}
WORTH = {"people": 50, "share": 0.125, "reachable": 7, "orders": 100, "revenue": 5000.0, "average_order": 50.0}
FOUND = {
    "ticket": "t2",
    "state": "succeeded",
    "as_of": "2026-11-21T22:15:00Z",
    "currency": "EUR",
    "months": [month("2026-10"), month("2026-11", unfinished=True, revenue=500.0)],
    "flow": [flow("2026-10"), flow("2026-11", unfinished=True)],
    "cohorts": [{"month": "2026-10", "people": 60, "months": [after(0, 1.0), after(1, 0.25, unfinished=True)]}],
    "everybody": {**WORTH, "people": 400, "share": 1.0},
    "segments": [{"id": "at-risk", "name": "At risk", "purpose": "retention", "stage": "at risk", "worth": WORTH}],
    "campaigns": [],
    "programme": [QUARTER],
    "notes": [],
    "missing": {},
    "bytes_scanned": 2_500_000,
    "cost_usd": 0.00005,
}
NOTHING: dict[str, Any] = {"months": [], "flow": [], "cohorts": [], "everybody": None, "segments": [], "campaigns": [], "programme": []}


def example() -> dict[str, Any]:
    """The shop of docs/measure.md."""
    months = [("2026-09", 8_710, 3_205, 841, 488, 1_102, 44_318.4), ("2026-10", 9_120, 3_544, 912, 533, 1_204, 48_120.5)]
    months.append(("2026-11", 6_030, 2_211, 598, 371, 760, 30_433.1))
    stocks = [(353, 12, 41, 5_120, 2_034, 901, 2_185), (379, 15, 37, 5_499, 2_171, 914, 2_414), (227, 9, 22, 5_726, 2_198, 937, 2_591)]
    shares = {"2026-09": (353, [1.0, 0.271, 0.229]), "2026-10": (379, [1.0, 0.253]), "2026-11": (227, [1.0])}
    worths = [("new-customers", 388, 402, 15_930.0), ("active-customers", 1_771, 9_414, 391_204.0), ("at-risk", 937, 1_876, 70_115.0)]
    visitors = ("month", "reached", "acted", "converted", "engaged", "orders", "revenue")
    customers = ("month", "new", "won_back", "lapsed", "customers", "active", "at_risk", "gone")
    names = [name for name, *_ in months]
    return {
        **FOUND,
        "months": [{**dict(zip(visitors, row, strict=True)), "unfinished": row[0] == "2026-11"} for row in months],
        "flow": [
            {**dict(zip(customers, (name, *row), strict=True)), "unfinished": name == "2026-11"} for name, row in zip(names, stocks, strict=True)
        ],
        "cohorts": [
            {"month": name, "people": people, "months": [after(n, share, unfinished=n == len(row) - 1) for n, share in enumerate(row)]}
            for name, (people, row) in shares.items()
        ],
        "segments": [
            {
                "id": name,
                "worth": {"people": people, "share": people / 11_840, "orders": orders, "revenue": revenue, "average_order": revenue / orders},
            }
            for name, people, orders, revenue in worths
        ],
        "campaigns": [campaign("back-again", 3, (96, 21, 171)), campaign("october", 1, (210, 118, 301)), campaign(None, 4, (306, 187, 424))],
        "everybody": {**WORTH, "people": 11_840, "share": 1.0, "orders": 13_022, "revenue": 520_417.0, "average_order": 520_417 / 13_022},
        "bytes_scanned": 48_200_000,
        "cost_usd": 0.000241,
    }


def test_the_guides_example_is_what_is_printed(shown: Any) -> None:
    page = (Path(__file__).parents[2] / "docs/measure.md").read_text()
    printed = "\n".join(line.rstrip() for line in shown(**example()).strip("\n").splitlines())
    assert printed in page, printed


@pytest.fixture
def shown(api: FakeApi, regulars: Run) -> Any:
    def show(*arguments: str, **changed: Any) -> str:
        api.on("POST", "/admin/overviews", {**FOUND, "ticket": "t1", "state": "queued"}, status=202)
        api.on("GET", "/admin/overviews/t1", {**FOUND, **changed})
        done = regulars("overview", *arguments)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    return show


def test_months_customers_cohorts_and_segments_are_tables(shown: Any) -> None:
    rows = [line.split() for line in shown().splitlines()]
    assert ["2026-10", "900", "300", "90", "30", "120", "1,000.00", "█" * 12] in rows
    assert ["2026-11*", "900", "300", "90", "30", "120", "500.00", "█" * 6] in rows
    assert ["2026-10", "60", "2", "5", "250", "50", "100", "400", "█" * 12] in rows
    assert ["2026-10", "60", "25*"] in rows
    assert ["at-risk", "50", "12.5%", "100", "5,000.00", "50.00", "█" * 12] in rows
    assert ["*", "is", "not", "over", "yet."] in rows


def test_one_amount_that_nobody_can_have_spent_does_not_widen_the_tables(shown: Any) -> None:
    huge = {"sum": 1e99, "low": -1e98, "high": 2e99}
    money = {"difference": 1e96, "low": -0.004, "high": 2e96, "judged_by": "plain"}
    quarter = {**QUARTER, "value_messaged": 1e96, "effect": [QUARTER["effect"][0], {**QUARTER["effect"][1], **money}]}
    everything = {"months": [month("2026-10", revenue=1e99)], "campaigns": [{**campaign("october", 1, (1, 0, 2)), "caused_value": huge}]}
    told = shown(**everything, programme=[quarter])
    assert "1.00e99" in told and "+1.00e99 (-1.00e98 to +2.00e99) EUR" in told and "+1.00e96 (-0.004 to +2.00e96)" in told
    assert max(map(len, told.splitlines())) < 160


def test_the_programme_is_told_by_the_estimate_that_decides(shown: Any) -> None:
    lines = shown().splitlines()
    (told,) = [line.split() for line in lines if line.strip().startswith("2026Q4*")]
    assert told[:6] == ["2026Q4*", "1,000", "19,000", "10.0%", "11.2%", "+1.2"]
    assert told[9:] == ["20.00", "21.40", "+1.40", "(+0.30", "to", "+2.50)", "more", "money"]
    over = [{**each, "judged_by": by} for each, by in zip(QUARTER["effect"], ("plain", "adjusted"), strict=True)]
    (told,) = [line for line in shown(programme=[{**QUARTER, "unfinished": False, "effect": over}]).splitlines() if "2026Q4" in line]
    assert "+1.2 (-0.4 to +2.6)" in told and "+1.50 (+0.50 to +2.50)" in told
    (early, _) = ({**each, "judged_by": None} for each in QUARTER["effect"])
    assert "+1.2" not in shown(programme=[{**QUARTER, "effect": [early, over[1]]}])


def campaign(name: str | None, runs: int, caused: tuple[int, int, int] | None) -> dict[str, Any]:
    total = dict(zip(("sum", "low", "high"), caused, strict=True)) if caused else None
    money = {bound: 20.5 * value for bound, value in total.items()} if total else None
    figures = {"people": 9_000 * runs, "sent": 8_100 * runs, "caused": total, "caused_value": money, "currency": "EUR", "cost_usd": 1.25 * runs}
    return {"campaign": name, "runs": runs, "measured": runs if caused else 0, **figures}


def test_campaigns_are_added_up_with_their_doubt_and_a_warning(shown: Any) -> None:
    text = shown(campaigns=[campaign("spring", 2, (120, 30, 210)), campaign("welcome", 1, None), campaign(None, 3, (120, 30, 210))])
    rows = [line.split() for line in text.splitlines()]
    assert ["spring", "2", "2", "18,000", "16,200", "+120", "(+30", "to", "+210)", "+2,460.00", "(+615.00", "to", "+4,305.00)", "EUR", "2.50"] in rows
    assert ["welcome", "1", "0", "9,000", "8,100", "1.25"] in rows
    assert "A purchase in the windows of two campaigns may count for both" in text


def test_a_programme_of_which_nothing_is_known_says_why(shown: Any) -> None:
    small = [effect(metric, note="the control group has 3 people in it") for metric in ("conversion", "value")]
    assert "2026Q4, value: the control group has 3 people in it." in shown(programme=[{**QUARTER, "effect": small}])


def test_what_is_missing_and_what_is_noted_is_said(shown: Any) -> None:
    text = shown(**NOTHING, missing={"customers": "no event looks like a purchase"}, notes=["nobody was here"], currency=None)
    assert "Not shown: orders, customers and cohorts. no event looks like a purchase" in text
    assert "Note: nobody was here." in text


def test_months_and_moment_are_asked_for(api: FakeApi, shown: Any) -> None:
    shown("--months", "3", "--as-of", "2026-01-02")
    assert api.asked[0] == ("POST", "/admin/overviews", {"months": 3, "as_of": "2026-01-02"})


def test_as_json_it_is_the_answer_without_its_ticket(shown: Any) -> None:
    assert json.loads(shown("--json")) == {name: value for name, value in FOUND.items() if name not in ("ticket", "state")}
