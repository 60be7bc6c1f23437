"""Several variants: the more are looked at, the sooner one looks good by chance."""

from collections.abc import Sequence
from dataclasses import replace

from regulars.domain.measure.effect import Contrast
from regulars.domain.measure.figures import Verdict, WinnerFigures
from regulars.domain.measure.wording import together

SURE = 0.05
"""The chance that any verdict on a metric is wrong, where no message changes anything."""


def holm(ps: Sequence[float]) -> list[float]:
    """Each p, adjusted for all of them, in the order given: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
    of Statistics 6 (1979) 65-70; as adjusted ps S. P. Wright, Biometrics 48 (1992) 1005-1013, section 2.1.

    The smallest is multiplied by how many there are, the next by one less, and so on; none gets smaller than one before it, nor larger than 1.
    However the tests depend on each other, the chance that any p below 5 % is wrong is 5 % at most.
    """
    adjusted, least = [0.0] * len(ps), 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        least = max(least, min(1.0, (len(ps) - rank) * ps[place]))
        adjusted[place] = least
    return adjusted


def judged(contrasts: Sequence[Contrast], *, closed: bool) -> list[Contrast]:
    """With `p_adjusted` and `verdict`, each metric by itself. What has no estimate gets no verdict, and is not counted; `closed` says whether the
    goal's window has passed."""
    adjusted: dict[int, float] = {}
    for metric in ("conversion", "value"):
        family = {place: sure.p for place, one in enumerate(contrasts) if one.metric == metric and (sure := one.decisive(closed=closed))}
        adjusted |= dict(zip(family, holm(list(family.values())), strict=True))
    return [_judged(one, adjusted.get(place), closed=closed) for place, one in enumerate(contrasts)]


def _judged(contrast: Contrast, p: float | None, *, closed: bool) -> Contrast:
    """Too early to tell is unclear."""
    if contrast.estimate is None:
        return contrast
    sure = contrast.decisive(closed=closed)
    if sure is None or p is None or p >= SURE:
        return replace(contrast, p_adjusted=p, verdict="unclear")
    return replace(contrast, p_adjusted=p, verdict="more" if sure.difference > 0 else "less")


def winner(effects: Sequence[Contrast], comparisons: Sequence[Contrast]) -> WinnerFigures:
    """The variant after which more people reached the goal than in the control group and than after every other one, if its value a head is not less
    than any of theirs. Judged ones are expected, of two variants at least; each pair of them stands in `comparisons` once, either way round."""
    arms = {one.arm.name: one.arm for one in effects if one.metric == "conversion"}
    leader = max(arms.values(), key=lambda arm: (arm.conversion.mean, arm.name)).name
    verdicts = {(one.arm.name, one.against.name, one.metric): one.verdict for one in [*effects, *comparisons]}
    verdicts |= {(theirs, ours, metric): _REVERSED.get(verdict) for (ours, theirs, metric), verdict in verdicts.items()}
    control = effects[0].against.name
    others = sorted(arm for arm in arms if arm != leader)
    unsure = [other for other in (control, *others) if verdicts.get((leader, other, "conversion")) != "more"]
    poorer = [other for other in (control, *others) if verdicts.get((leader, other, "value")) == "less"]
    if not arms[leader].was_sent:
        return WinnerFigures(None, f"{leader} leads, but nobody was sent it")
    if unsure:
        return WinnerFigures(None, f"{leader} leads, but cannot be told from {_named(unsure, control)}")
    if poorer:
        return WinnerFigures(None, f"{leader} leads, but its value a head is less than that of {_named(poorer, control)}")
    return WinnerFigures(leader, f"more people reached the goal after {leader} than after {_named([control, *others], control)}")


def _named(arms: Sequence[str], control: str) -> str:
    return together(["no message" if name == control else name for name in arms])


_REVERSED: dict[Verdict | None, Verdict] = {"more": "less", "less": "more", "unclear": "unclear"}
