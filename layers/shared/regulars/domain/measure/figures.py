"""The figures of a report, as `campaign report --json` shows them (docs/measure.md). Conversion is in shares (0.01 is a point), value in the goal's
own unit, a head; differences are treated minus control. None is what can't be known, and a `note` says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from regulars.domain.campaigns.campaign import Guardrail

Metric = Literal["conversion", "value"]
Method = Literal["newcombe", "welch", "permutation"]

Verdict = Literal["more", "less", "unclear"]
"""What the interval says, corrected for how many were looked at: more than in the control group, less, or that it can't be told from nothing."""


JudgedBy = Literal["plain", "adjusted", "anytime"]
"""Which estimate of an effect a verdict is taken from."""


@dataclass(frozen=True)
class Bounds:
    """Of a 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True)
class ArmFigures:
    """One arm: of a treated one `people` are `sent`, `unknown`, `failed` and `skipped` together. `value` is their goals' sum, `unreadable` how many
    of their `goal_events` have no number there and are left out. `direct` are those who did the goal after they had tapped this run's push, `rate`
    is converted by people. `value_a_head` is None where the goal names no value, or none of its events has one. `caused` and `caused_value` are what
    the message changed for all of them together."""

    arm: str
    people: int
    sent: int
    unknown: int
    failed: Mapping[str, int]
    skipped: Mapping[str, int]
    received: int
    opened: int
    converted: int
    value: float
    goal_events: int = 0
    unreadable: int = 0
    direct: int = 0
    rate: float | None = None
    value_a_head: float | None = None
    caused: float | None = None
    caused_value: float | None = None


@dataclass(frozen=True)
class AdjustedFigures:
    """The same effect, with what the people had done before taken out: it `explained` this share of the variance."""

    method: Literal["cuped"]
    difference: float
    low: float
    high: float
    p: float
    explained: float


@dataclass(frozen=True)
class EffectFigures:
    """What one variant changed in one metric. `relative` is the difference by the control group's mean. `anytime` holds however often one looks.
    The verdict is `judged_by` one of them, None where it is too early for any; `quantiles` are twenty equally likely values of the effect: of the
    adjusted one, where the verdict is taken from that."""

    variant: str
    metric: Metric
    method: Method
    difference: float | None
    low: float | None
    high: float | None
    note: str | None = None
    relative: float | None = None
    relative_low: float | None = None
    relative_high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    verdict: Verdict | None = None
    adjusted: AdjustedFigures | None = None
    anytime: Bounds | None = None
    judged_by: JudgedBy | None = None
    quantiles: Sequence[float] = ()


@dataclass(frozen=True)
class ComparisonFigures:
    """Two treated arms: `variant` minus `against`."""

    variant: str
    against: str
    metric: Metric
    method: Method
    difference: float | None
    low: float | None
    high: float | None
    p: float | None = None
    p_adjusted: float | None = None
    verdict: Verdict | None = None
    note: str | None = None


@dataclass(frozen=True)
class WinnerFigures:
    """The variant that is better than the control group and than every other one; None where there is none, and `because` says why."""

    variant: str | None
    because: str


@dataclass(frozen=True)
class GuardrailFigures:
    """What should not happen more often because of a message: `people` of the variant and `control` of the control group. `quantiles` are twenty
    equally likely values of the difference."""

    guardrail: Guardrail
    variant: str
    people: int
    control: int
    difference: float | None
    low: float | None
    high: float | None
    p: float | None = None
    verdict: Verdict | None = None
    note: str | None = None
    quantiles: Sequence[float] = ()


@dataclass(frozen=True)
class SampleRatioFigures:
    """Whether the arms have as many people as their buckets promise: `p` of the chi-square test, and how many were `expected`."""

    p: float | None
    ok: bool
    expected: Mapping[str, float] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True)
class FunnelFigures:
    """Treated people, each step of those before."""

    audience: int
    eligible: int
    sent: int
    received: int
    opened: int
    converted: int


@dataclass(frozen=True)
class DetectableFigures:
    """The smallest difference that groups of this size show four times in five."""

    conversion: float | None = None
    value: float | None = None
