"""Reports as pages are tested with: one of three arms of some 21,300 people each, and what else may become of a run."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.plan import Plan, Statements
from regulars.domain.documents import JsonObject
from regulars.domain.measure.figures import Bounds, DetectableFigures, FunnelFigures, SampleRatioFigures, WinnerFigures
from regulars.domain.measure.page import report_page
from regulars.domain.measure.report import Report
from tests.domain.measure.experiment import arm as experiment_arm
from tests.domain.measure.experiment import made
from tests.examples import campaign_run

THREE_ARMS: Report = TypeAdapter(Report).validate_json((Path(__file__).parent / "three_arms.json").read_bytes())

HOSTILE = "<script>alert(1)</script> & \"'\u202eשלום\x1b👋🏽 " + "x" * 300
"""What a name may be."""

CAMPAIGN: JsonObject = {
    "id": "hillstrom",
    "name": "Back to the store",
    "audience": {"include": ["bought-within-a-year"]},
    "variants": [{"id": name, "weight": 1, "message": {"push": {"body": "x"}}} for name in ("mens", "womens")],
    "control": {"percent": 33.34},
    "goal": {"event": "Visited", "within": "14d", "value": "spend"},
}
_LAUNCHED = datetime(2017, 10, 1, tzinfo=UTC)
_PLAN = Plan({"people": "5931760024861830173", "devices": "8214407722136042551", "events": None}, Statements("", "", ""))


def page(report: Report = THREE_ARMS, *, sends: bool = True, **changes: Any) -> str:
    """The page of a report on a campaign that is CAMPAIGN but for the `changes`; None takes something away."""
    document = {name: value for name, value in {**CAMPAIGN, **changes}.items() if value is not None}
    segment = {"id": "bought-within-a-year", "rule": {"everyone": True}}
    run = campaign_run(report.run_id, document, segments=[segment], launched_at=_LAUNCHED, state="succeeded", plan=_PLAN, sends=sends)
    return report_page(report, run, parse_campaign(document))


def changed(**changes: Any) -> Report:
    return replace(THREE_ARMS, **changes)


_SENT = "39,881 of 42,694 people were sent the message"


def _withheld() -> str:
    why = "the arms do not have the people that their buckets promise"
    nothing: dict[str, Any] = {"difference": None, "low": None, "high": None, "p": None, "verdict": None, "note": f"withheld: {why}"}
    told: dict[str, Any] = dict.fromkeys(("relative", "relative_low", "p_adjusted", "adjusted", "anytime", "judged_by"))
    return page(
        changed(
            sentence="The result is withheld: control has 18,000 people instead of 21,333, which is not chance.",
            sample_ratio=SampleRatioFigures(1e-9, False, {"control": 21333.3, "mens": 21333.3, "womens": 21333.3}, why),
            effect=[replace(one, **nothing, **told, quantiles=()) for one in THREE_ARMS.effect],
            comparisons=[replace(one, **nothing, p_adjusted=None) for one in THREE_ARMS.comparisons],
            guardrails=[replace(one, **nothing, quantiles=()) for one in THREE_ARMS.guardrails],
            winner=WinnerFigures(None, f"the result is withheld, because {why}"),
            arms=[replace(arm, caused=None, caused_value=None) for arm in THREE_ARMS.arms],
            cost_per_conversion=None,
        )
    )


def _no_goal() -> str:
    """Nothing can be known but who was sent what."""
    arms = [replace(arm, converted=0, value=0.0, rate=None, value_a_head=None, caused=None, caused_value=None) for arm in THREE_ARMS.arms]
    sentence = f"{_SENT}, 21,306 were held back. The campaign names no goal, so what the message changed cannot be known."
    nothing = {"effect": (), "comparisons": (), "guardrails": (), "notes": (), "window": None, "currency": None, "cost_per_conversion": None}
    return page(changed(sentence=sentence, arms=arms, detectable=DetectableFigures(), **nothing), goal=None)


def _no_control() -> str:
    arms = [replace(arm, caused=None, caused_value=None) for arm in THREE_ARMS.arms if arm.arm != "control"]
    sentence = f"{_SENT}, 0 were held back. The control group was switched off, so what the message changed cannot be known."
    nothing = {"effect": (), "guardrails": (), "notes": (), "cost_per_conversion": None, "detectable": DetectableFigures()}
    return page(changed(sentence=sentence, arms=arms, **nothing), control={"percent": 0})


def _one_message() -> str:
    arms = [replace(arm, arm="treated") if arm.arm == "mens" else arm for arm in THREE_ARMS.arms if arm.arm != "womens"]
    effect = [replace(one, variant="treated") for one in THREE_ARMS.effect if one.variant == "mens"]
    guardrails = [replace(one, variant="treated") for one in THREE_ARMS.guardrails if one.variant == "mens"]
    sentence = (
        "It worked. Of every 100 people whom it was for, 7.7 more did Visited within 2 weeks than would have without it (95 % interval +7.0 to +8.3)."
    )
    report = changed(sentence=sentence, arms=arms, effect=effect, guardrails=guardrails, comparisons=(), notes=(), currency=None)
    return page(report, variants=None, message={"push": {"body": "x"}})


def _still_open() -> str:
    assert THREE_ARMS.window
    early = [replace(one, judged_by="anytime") for one in THREE_ARMS.effect]
    unclear = [replace(one, verdict="unclear") if one.metric == "value" else one for one in early]
    unclear[2] = replace(unclear[2], anytime=None, judged_by=None)
    return page(changed(window=replace(THREE_ARMS.window, closed=False), as_of=datetime(2017, 10, 4, tzinfo=UTC), effect=unclear, comparisons=()))


def _rehearsal() -> str:
    nothing: dict[str, Any] = {"sent": 0, "received": 0, "opened": 0, "direct": 0, "caused": None, "caused_value": None}
    arms = [replace(arm, **nothing, skipped={"rehearsal": arm.sent}) for arm in THREE_ARMS.arms]
    funnel = FunnelFigures(42_694, 42_694, 0, 0, 0, 0)
    sentence = "A rehearsal: nothing was sent; 39,881 of 42,694 people would have been, 21,306 were held back."
    return page(changed(sentence=sentence, arms=arms, funnel=funnel, cost={"plan": 0.0021, "report": 0.0011, "total": 0.0032}), sends=False)


def _tiny() -> str:
    note = "the control group has 3 people in it, and of fewer than 10 a number would say nothing"
    few: dict[str, Any] = {"converted": 1, "value": 9.5, "rate": 0.1, "value_a_head": 0.8, "caused": None, "caused_value": None}
    arms = [replace(arm, people=3 if arm.arm == "control" else 12, **few) for arm in THREE_ARMS.arms]
    unknown = ("difference", "low", "high", "relative", "p", "p_adjusted", "verdict", "adjusted", "anytime", "judged_by")
    nothing: dict[str, Any] = dict.fromkeys(unknown)
    effect = [replace(one, **nothing, quantiles=(), note=note) for one in THREE_ARMS.effect]
    told = {"comparisons": (), "guardrails": (), "notes": (), "cost": {"total": 0.00001}, "cost_per_conversion": None}
    return page(changed(sentence=f"What the message changed cannot be known: {note}.", arms=arms, effect=effect, **told))


def _huge() -> str:
    """One order of 1e99, of which nothing can be told."""
    money: dict[str, Any] = {"difference": 4.7e94, "low": -1.2e95, "high": 3.3e95, "adjusted": None, "judged_by": "plain", "verdict": "unclear"}
    always = Bounds(-4e95, 5e95)
    values = tuple(each * 1e94 for each in range(-10, 10))
    effect = [replace(one, **money, anytime=always, quantiles=values) if one.metric == "value" else one for one in THREE_ARMS.effect]
    arms = [replace(arm, value=1e99, value_a_head=4.7e94, caused_value=1e99 if arm.caused else None) for arm in THREE_ARMS.arms]
    compared = [replace(one, difference=1e94, low=-1e95, high=1e95) if one.metric == "value" else one for one in THREE_ARMS.comparisons]
    sentence = made(experiment_arm("control", 2000, 200), experiment_arm("treated", 2000, 400, 1e99, 1e200)).sentence
    return page(changed(sentence=sentence, effect=effect, arms=arms, comparisons=compared, detectable=DetectableFigures(0.006, 1e95)))


def _nobody_sent() -> str:
    """A launch whose people have no devices."""
    nothing: dict[str, Any] = {"winner": WinnerFigures(None, "nothing was sent"), "cost_per_conversion": None}
    arms = [replace(arm, sent=0, unknown=0, caused=None, caused_value=None, skipped={"no_device": arm.people}) for arm in THREE_ARMS.arms]
    return page(changed(sentence="Nothing was sent: none of 42,694 people got the message, 21,306 were held back.", arms=arms, **nothing))


def _unreadable() -> str:
    """The goal's value is at a path where nothing is."""
    note = "none of 12,204 Visited has a number at `spend.usd`"
    unknown: dict[str, Any] = dict.fromkeys(("difference", "low", "high", "p", "p_adjusted", "verdict", "judged_by", "anytime", "adjusted"))
    effect = [replace(one, **unknown, quantiles=(), note=note) if one.metric == "value" else one for one in THREE_ARMS.effect]
    arms = [replace(arm, value=0.0, value_a_head=None, caused_value=None) for arm in THREE_ARMS.arms]
    return page(changed(arms=arms, effect=effect, notes=[note], currency=None))


def _unclear() -> str:
    return page(changed(effect=[replace(one, verdict="unclear") for one in THREE_ARMS.effect]))


def _hostile() -> str:
    renamed = {"mens": HOSTILE[:60], "womens": "وداعا"}
    arms = [replace(arm, arm=renamed.get(arm.arm, arm.arm)) for arm in THREE_ARMS.arms]
    effect = [replace(one, variant=renamed[one.variant], note=HOSTILE) for one in THREE_ARMS.effect]
    guardrails = [replace(one, variant=renamed[one.variant]) for one in THREE_ARMS.guardrails]
    comparisons = [replace(one, variant=renamed[one.variant], against=renamed[one.against]) for one in THREE_ARMS.comparisons]
    told = {"notes": [HOSTILE], "winner": WinnerFigures(HOSTILE, HOSTILE), "currency": "<b>", "sentence": f"{HOSTILE}. {HOSTILE}"}
    goal = {"event": HOSTILE[:250], "within": "14d", "value": ["<i>", "ערך"]}
    return page(changed(arms=arms, effect=effect, guardrails=guardrails, comparisons=comparisons, **told), name=HOSTILE, goal=goal)


def _nobody() -> str:
    none: dict[str, Any] = {"people": 0, "converted": 0, "value": 0.0, "rate": None, "value_a_head": None, "unknown": 0, "sent": 0, "caused": None}
    arms = [replace(arm, **none, failed={}, skipped={}) for arm in THREE_ARMS.arms]
    told = {"effect": (), "comparisons": (), "guardrails": (), "notes": (), "cost_per_conversion": None, "funnel": FunnelFigures(0, 0, 0, 0, 0, 0)}
    return page(changed(sentence="Nobody was in the audience.", arms=arms, sample_ratio=SampleRatioFigures(None, True), **told))


PAGES: Mapping[str, Callable[[], str]] = {
    "three arms": page,
    "one message": _one_message,
    "withheld": _withheld,
    "no goal": _no_goal,
    "no control": _no_control,
    "still open": _still_open,
    "rehearsal": _rehearsal,
    "tiny": _tiny,
    "nobody": _nobody,
    "unreadable": _unreadable,
    "hostile": _hostile,
    "huge": _huge,
    "nobody sent": _nobody_sent,
    "unclear": _unclear,
}
