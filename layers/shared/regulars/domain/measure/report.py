"""The report of a run or of a journey, as `campaign report --json` shows it (docs/measure.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.run import Dollars, Run, RunState
from regulars.domain.measure import notes
from regulars.domain.measure.arm import Arm, in_several, read_arms
from regulars.domain.measure.effect import Contrast
from regulars.domain.measure.figures import (
    ArmFigures,
    ComparisonFigures,
    DetectableFigures,
    EffectFigures,
    FunnelFigures,
    GuardrailFigures,
    SampleRatioFigures,
    WinnerFigures,
)
from regulars.domain.measure.findings import Findings, find, no_value
from regulars.domain.measure.sentence import sentence
from regulars.domain.measure.study import GoalWindow, Study, study_of_run
from regulars.domain.queries import ResultRow
from regulars.domain.reasons import NOT_REACHED, REHEARSAL


@dataclass(frozen=True)
class Report:
    """`as_of` is the moment up to which outcomes were counted; `window` is None for a campaign without a goal, `currency` where values are in none or
    in several. Of a journey both ids are its own. `cost_per_conversion` is in dollars, and there only where the message surely brought about more."""

    run_id: str
    campaign: str
    state: RunState
    as_of: datetime
    sentence: str
    currency: str | None
    window: GoalWindow | None
    arms: Sequence[ArmFigures]
    effect: Sequence[EffectFigures]
    comparisons: Sequence[ComparisonFigures]
    winner: WinnerFigures
    guardrails: Sequence[GuardrailFigures]
    sample_ratio: SampleRatioFigures
    funnel: FunnelFigures
    detectable: DetectableFigures
    cost: Dollars
    cost_per_conversion: float | None
    notes: Sequence[str]


def report(run: Run, campaign: Campaign, rows: Sequence[ResultRow], *, as_of: datetime, cost: Dollars) -> Report:
    """`rows` are those of `query.outcomes`."""
    return report_of(study_of_run(run, campaign, as_of), rows, as_of=as_of, cost=cost)


def report_of(study: Study, rows: Sequence[ResultRow], *, as_of: datetime, cost: Dollars) -> Report:
    arms = read_arms([arm for arm, _ in study.bounds], rows)
    return composed(find(study, arms, in_several=in_several(rows), as_of=as_of), cost=cost)


def composed(found: Findings, *, cost: Dollars) -> Report:
    """`cost` are all of the run's, with their `total`."""
    return Report(
        run_id=found.study.id,
        campaign=found.study.of,
        state=found.study.state,
        as_of=found.as_of,
        sentence=sentence(found),
        currency=found.currency,
        window=found.window,
        arms=[_arm(arm, found) for arm in found.arms],
        effect=[_effect(one, found) for one in found.effects],
        comparisons=[_comparison(one, found) for one in found.comparisons],
        winner=found.winner,
        guardrails=found.harms,
        sample_ratio=SampleRatioFigures(found.ratio.p, found.ratio.ok, found.ratio.expected, notes.mismatch(found) or None),
        funnel=_funnel(found.treated),
        detectable=found.detectable,
        cost=cost,
        cost_per_conversion=_cost_per_conversion(found, cost),
        notes=notes.notes(found),
    )


def _arm(arm: Arm, found: Findings) -> ArmFigures:
    goal = found.study.goal
    with_value = bool(goal and goal.value)
    readable = with_value and not no_value(goal, found.arms)
    return ArmFigures(
        arm=arm.name,
        people=arm.people,
        sent=arm.sent,
        unknown=arm.unknown,
        failed=arm.failed,
        skipped=arm.skipped,
        received=arm.received,
        opened=arm.opened,
        converted=arm.converted,
        value=round(arm.total_value, 2),
        goal_events=arm.goal_events,
        unreadable=arm.unreadable if with_value else 0,
        direct=arm.direct,
        rate=arm.converted / arm.people if arm.people and found.study.goal else None,
        value_a_head=arm.value.mean if arm.people and readable else None,
        caused=_caused(arm, "conversion", found),
        caused_value=_caused(arm, "value", found),
    )


def _caused(arm: Arm, metric: str, found: Findings) -> float | None:
    """What nobody was sent causes nothing."""
    caused = (one.caused(closed=found.closed) for one in found.effects if one.arm is arm and one.metric == metric)
    return next(caused, None) if found.sends and arm.was_sent else None


def _effect(one: Contrast, found: Findings) -> EffectFigures:
    estimate, relative = one.estimate, one.estimate.relative if one.estimate else None
    told = one.told(closed=found.closed)
    return EffectFigures(
        variant=one.arm.name,
        metric=one.metric,
        method=one.method,
        difference=one.difference,
        low=estimate.low if estimate else None,
        high=estimate.high if estimate else None,
        note=_note(one, found),
        relative=relative.difference if relative else None,
        relative_low=relative.low if relative else None,
        relative_high=relative.high if relative else None,
        p=estimate.p if estimate else None,
        p_adjusted=one.p_adjusted,
        verdict=one.verdict,
        adjusted=one.adjusted.figures if one.adjusted else None,
        anytime=one.bounds_at_any_time,
        judged_by=one.judged_by(closed=found.closed),
        quantiles=told.quantiles if told else (),
    )


def _comparison(one: Contrast, found: Findings) -> ComparisonFigures:
    estimate = one.estimate
    return ComparisonFigures(
        variant=one.arm.name,
        against=one.against.name,
        metric=one.metric,
        method=one.method,
        difference=one.difference,
        low=estimate.low if estimate else None,
        high=estimate.high if estimate else None,
        p=estimate.p if estimate else None,
        p_adjusted=one.p_adjusted,
        verdict=one.verdict,
        note=_note(one, found),
    )


def _note(one: Contrast, found: Findings) -> str | None:
    """Of values also what is left out, and in which currencies they are."""
    of_values = (notes.currencies(found), notes.left_out(found)) if one.metric == "value" and found.ratio.ok else ()
    return "; ".join(note for note in dict.fromkeys((one.note, *of_values)) if note) or None


def _funnel(treated: Sequence[Arm]) -> FunnelFigures:
    """Whoever was not sent to for no reason of their own counts as eligible. `converted` are those who did the goal after they had opened the push:
    all others may have done it anyhow, and what the message caused is the effect's to say."""
    audience = sum(arm.people for arm in treated)
    theirs = sum(count for arm in treated for reason, count in arm.skipped.items() if reason not in (NOT_REACHED, REHEARSAL))
    steps = (sum(getattr(arm, step) for arm in treated) for step in ("sent", "received", "opened", "direct"))
    return FunnelFigures(audience, audience - theirs, *steps)


def _cost_per_conversion(found: Findings, cost: Dollars) -> float | None:
    """Of the whole run by all whom it made reach the goal, in all variants together."""
    caused = found.all_variants
    if caused is None or caused.verdict != "more" or caused.difference is None or not found.sends or "total" not in cost:
        return None
    return cost["total"] / (caused.difference * caused.arm.people)
