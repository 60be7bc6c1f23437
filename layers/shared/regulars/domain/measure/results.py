"""The rows of the table `results`, so that whatever reads the lake can show what campaigns changed, over time: one a run and arm.

An object a run, written whole each time that its outcomes were counted: to write one costs a tenth of the least that Athena takes for a MERGE, and
there is nothing to compact (docs/decisions/0052-a-report-is-computed-once.md).
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import orjson

from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.campaigns.run import Run
from regulars.domain.documents import JsonObject
from regulars.domain.measure.figures import ArmFigures, EffectFigures, Metric
from regulars.domain.measure.report import Report


def results_key(run_id: str) -> str:
    return f"lake/results/{run_id}.json"


def results_lines(report: Report, run: Run) -> bytes:
    """As the table reads it (infra/migrations), an arm a line. `cost_usd` is the whole run's, in each."""
    return b"".join(orjson.dumps(_row(arm, report, run)) + b"\n" for arm in report.arms)


def _row(arm: ArmFigures, report: Report, run: Run) -> JsonObject:
    window, sends = report.window, run.sends and any(_was_sent(each) for each in report.arms)
    effects = report.effect if _was_sent(arm) or not run.sends else ()
    people = {name: getattr(arm, name) for name in ("people", "sent", "received", "opened", "direct", "converted", "goal_events", "unreadable")}
    harms = {harm.guardrail: harm.control if arm.arm == CONTROL else harm.people for harm in report.guardrails if arm.arm in (harm.variant, CONTROL)}
    return {
        "run_id": report.run_id,
        "campaign_id": report.campaign,
        "arm": arm.arm,
        "state": report.state,
        "rehearsal": not sends,
        "planned_ts": _moment(run.planned_at),
        "launched_ts": _moment(run.launched_at),
        "as_of_ts": _moment(report.as_of),
        "window_end_ts": _moment(window.end) if window else None,
        "final": window is None or window.closed,
        **people,
        "value": arm.value,
        "currency": report.currency,
        **_effect("conversion", arm.arm, effects),
        "caused": arm.caused,
        **_effect("value", arm.arm, effects),
        "caused_value": arm.caused_value,
        "unsubscribed": harms.get("unsubscribed"),
        "uninstalled": harms.get("uninstalled"),
        "complained": harms.get("complained"),
        "cost_usd": report.cost.get("total"),
    }


def _was_sent(arm: ArmFigures) -> bool:
    return arm.sent + arm.unknown > 0


def _effect(metric: Metric, arm: str, effects: Sequence[EffectFigures]) -> JsonObject:
    """In the numbers that what was caused is from; of the control group, and where nothing can be known, nothing."""
    found = next((effect for effect in effects if (effect.variant, effect.metric) == (arm, metric)), None)
    told = found.adjusted if found and found.judged_by == "adjusted" else found
    figures = {f"{metric}_{name}": getattr(told, name) if told else None for name in ("difference", "low", "high", "method")}
    return {**figures, f"{metric}_verdict": found.verdict if found else None}


def _moment(moment: datetime) -> str:
    """As the JSON SerDe reads a timestamp: https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html"""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
