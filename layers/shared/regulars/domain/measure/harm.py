"""Guard-rails: what should not happen more often because of a message."""

from collections.abc import Iterator, Sequence

from regulars.domain.campaigns.campaign import GUARDRAILS, Guardrail
from regulars.domain.measure.arm import Arm
from regulars.domain.measure.effect import too_small
from regulars.domain.measure.estimate import conversion_estimate
from regulars.domain.measure.figures import GuardrailFigures, Verdict
from regulars.domain.measure.paired import counted
from regulars.domain.measure.several import SURE


def harms(treated: Sequence[Arm], control: Arm, *, withheld: str) -> Iterator[GuardrailFigures]:
    """Of each guard-rail, variant by variant. The verdict is each interval's own, corrected for nothing: a warning too many costs
    a look, and one that was corrected away costs customers."""
    for guardrail in GUARDRAILS:
        for arm in treated:
            yield _harm(guardrail, arm, control, withheld)


def _harm(guardrail: Guardrail, arm: Arm, control: Arm, withheld: str) -> GuardrailFigures:
    ours, theirs = arm.guardrails[guardrail], control.guardrails[guardrail]
    if note := withheld or too_small(arm, control):
        return GuardrailFigures(guardrail, arm.name, ours, theirs, None, None, None, note=note)
    found = conversion_estimate(counted(arm.people, ours, 0, 0), counted(control.people, theirs, 0, 0))
    verdict: Verdict = "unclear" if found.p >= SURE else "more" if found.difference > 0 else "less"
    return GuardrailFigures(guardrail, arm.name, ours, theirs, found.difference, found.low, found.high, found.p, verdict, quantiles=found.quantiles)
