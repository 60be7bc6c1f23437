"""The report in a sentence or two, for somebody who will read nothing else. It never claims what the interval does not hold."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from regulars.domain.goals import Goal
from regulars.domain.measure.arm import Arm
from regulars.domain.measure.effect import Contrast
from regulars.domain.measure.figures import Metric
from regulars.domain.measure.findings import Findings
from regulars.domain.measure.notes import came, harm, left_out, message
from regulars.domain.measure.wording import hundred, length, moment, more, signed, together
from regulars.domain.reasons import REHEARSAL

_SPENT = frozenset({"revenue", "total", "subtotal", "value"})
"""What Segment calls the price of an order: https://segment.com/docs/connections/spec/ecommerce/v2/. Nobody is said to have spent anything else."""

_USUAL_CAUSES = {
    "campaign": "Most often the audience asks for what an earlier run of the campaign did to people.",
    "journey": "Most often the holdout was changed while people came in.",
}


def sentence(found: Findings) -> str:
    warnings = [harm(each, many=len(found.treated) > 1) for each in found.warnings]
    warning = f"Warning: {together(warnings)}." if warnings else ""
    unread = left_out(found)
    return " ".join(part for part in (_told(found), warning, f"{unread[0].upper()}{unread[1:]}." if unread else "") if part)


def _told(found: Findings) -> str:
    goal, kind = found.study.goal, found.study.kind
    cause = "message" if kind == "campaign" else kind
    if not any(arm.people for arm in found.arms):
        return "Nobody was in the audience." if kind == "campaign" else "Nobody came in."
    if goal and not found.ratio.ok:
        return f"The result is withheld: {came(found)}, which is not chance, so a difference may come from who is missing. {_USUAL_CAUSES[kind]}"
    if goal is None:
        return f"{_reached(found)} The {kind} names no goal, so what the {cause} changed cannot be known."
    if found.control is None:
        why = "is empty" if found.study.holds_back else "was switched off"
        done = "; ".join(_share(arm, goal) for arm in found.treated)
        return f"{_reached(found)} {done}. The control group {why}, so what the {cause} changed cannot be known."
    conversions = _figures(found.effects, "conversion", closed=found.closed)
    if not conversions:
        return f"{_reached(found)} What the {cause} changed cannot be known: {found.effects[0].note}."
    return f"{_verdict(found)} {_changed(found, goal, conversions)}"


def _reached(found: Findings) -> str:
    everybody, held_back = sum(arm.people for arm in found.treated), found.control.people if found.control else 0
    if not found.study.sends:
        would = sum(arm.skipped.get(REHEARSAL, 0) for arm in found.treated)
        return f"A rehearsal: nothing was sent; {would:,} of {everybody:,} people would have been, {held_back:,} were held back."
    if everybody and not found.sends:
        return f"Nothing was sent: none of {everybody:,} people got {message(found)}, {held_back:,} were held back."
    return f"{sum(arm.sent for arm in found.treated):,} of {everybody:,} people were sent {message(found)}, {held_back:,} were held back."


def _share(arm: Arm, goal: Goal) -> str:
    share = 100 * arm.converted / arm.people if arm.people else 0
    return f"{share:.1f} % of {arm.people:,} did {goal.event} within {length(goal.within)}"


def _verdict(found: Findings) -> str:
    """The first words: whether it worked, or who won."""
    if not found.sends:
        return _reached(found)
    verdicts = {one.verdict for one in found.effects if one.arm.was_sent}
    said = "what it changed cannot be told from zero"
    if found.closed and len(found.treated) > 1:
        said = f"variant {found.winner.variant} won" if found.winner.variant else f"no variant won: {found.winner.because}"
    elif {"more", "less"} <= verdicts:
        said = "it cut both ways"
    elif "more" in verdicts:
        said = "it worked"
    elif "less" in verdicts:
        said = "it did harm"
    if found.window and not found.window.closed:
        return f"So far, with the window open until {moment(found.window.end)}, {said}."
    return f"{said[0].upper()}{said[1:]}."


class _Told(NamedTuple):
    """An effect in the numbers that its verdict is from."""

    variant: str
    difference: float
    bounds: tuple[float, float] | None
    unclear: bool


def _figures(effects: Iterable[Contrast], metric: Metric, *, closed: bool) -> list[_Told]:
    told = []
    for one in effects:
        if one.metric == metric and one.estimate:
            sure = one.decisive(closed=closed)
            bounds = (sure.low, sure.high) if sure else None
            told.append(_Told(one.arm.name, sure.difference if sure else one.estimate.difference, bounds, one.verdict == "unclear"))
    return told


def _changed(found: Findings, goal: Goal, told: Sequence[_Told]) -> str:
    of = hundred(share for each in told for share in (each.difference, *(each.bounds if each.unclear and each.bounds else ())))
    did = f"did {goal.event} within {length(goal.within)}"
    whom = "people whom it was for" if found.study.sends else "people who would have got it"
    others = "would have without it" if found.sends else "of those held back"
    several = len(found.treated) > 1
    first, *rest = (_amount(each, of, 1, several=several, less="fewer") for each in told)
    parts = [f"{first.amount} {did}{first.after} than {others}{first.bounds}", *map("".join, rest)]
    return f"Of every {of:,} {whom}, {together(parts)}{_money(found, goal)}.{_detectable(found, told)}"


def _detectable(found: Findings, told: Sequence[_Told]) -> str:
    """How large a change would have had to be, where nothing can be told of it."""
    least = found.detectable.conversion
    if least is None or not found.closed or not found.sends or not all(each.unclear for each in told):
        return ""
    of = hundred((least,))
    return f" Groups of this size show a change of {of * least:.1f} in {of:,} people four times in five."


def _money(found: Findings, goal: Goal) -> str:
    """Nothing of money that is in several currencies."""
    told = _figures(found.effects, "value", closed=found.closed)
    if not told or len(found.currencies) > 1:
        return ""
    unit = f" {found.currency}" if found.currency else ""
    parts = ["".join(_amount(each, 1, 2, several=len(found.treated) > 1, less="less", unit=unit)) for each in told]
    whose = "each spent" if goal.value[-1] in _SPENT else f"{'.'.join(goal.value)} a head was"
    return f", and {whose} {together(parts)}"


class _Amount(NamedTuple):
    """`5.1 more`, ` after warm`, ` (95 % interval +3.2 to +6.7)`."""

    amount: str
    after: str
    bounds: str


def _amount(told: _Told, of: float, digits: int, *, several: bool, less: str, unit: str = "") -> _Amount:
    """Where the verdict is unclear no single number is named, which would be quoted without its bounds."""
    after = f" after {told.variant}" if several else ""
    point = more(of * told.difference, digits, unit=unit, less=less)
    if told.bounds is None:
        return _Amount(point, after, " (too early to say how surely)")
    low, high = (of * bound for bound in told.bounds)
    if told.unclear and low <= 0 <= high:
        between = f"between {more(low, digits, unit=unit, less=less)} and {more(high, digits, unit=unit, less=less)}"
        return _Amount(between, after, " (95 % interval)")
    doubt = ", which is too little to be sure of any of several" if told.unclear else ""
    return _Amount(point, after, f" (95 % interval {signed(low, digits)} to {signed(high, digits)}{doubt})")
