"""One arm's figures, out of the rows of `query.outcomes_sql`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.campaigns.counts import outcome_of
from regulars.domain.measure.paired import Paired
from regulars.domain.queries import ResultRow


@dataclass
class Arm:
    """People, each counted once. `sent` are those with at least one push that FCM took; with those who may have got it (`unknown`), and by their
    reasons `failed` and `skipped`, they are the `people` of a treated arm; `value` has everybody in it, most of them with 0.
    `unreadable` counts those of the `goal_events` whose value is no number; where the goal names no value, all are."""

    name: str
    people: int = 0
    sent: int = 0
    unknown: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    received: int = 0
    opened: int = 0
    converted: int = 0
    goal_events: int = 0
    unreadable: int = 0
    direct: int = 0
    foreign: int = 0
    currencies: set[str] = field(default_factory=set)
    guardrails: dict[str, int] = field(default_factory=dict)
    conversion: Paired = field(default_factory=Paired)
    value: Paired = field(default_factory=Paired)

    @property
    def is_control(self) -> bool:
        return self.name == CONTROL

    @property
    def total_value(self) -> float:
        return self.value.mean * self.value.size

    def take(self, row: ResultRow) -> None:
        """Adds one row: the people of this arm who met one fate."""
        people = _whole(row["people"])
        self.people += people
        self.received += _whole(row["received"])
        self.opened += _whole(row["opened"])
        self.converted += _whole(row["converted"])
        events = _whole(row["goal_events"])
        self.goal_events += events
        self.unreadable += events - _whole(row["goal_values"])
        self.value += Paired(people, float(row["value_mean"] or 0), float(row["value_variance"] or 0) * (people - 1))
        converted = _whole(row["converted"])
        self.conversion += Paired(people, converted / people, converted * (1 - converted / people))
        if self.is_control:
            return
        outcome, reason = outcome_of(row)
        match outcome:
            case "sent":
                self.sent += people
            case "unknown":
                self.unknown += people
            case "failed":
                self.failed[reason] = self.failed.get(reason, 0) + people
            case _:
                self.skipped[reason] = self.skipped.get(reason, 0) + people


def read_arms(names: Sequence[str], rows: Iterable[ResultRow]) -> list[Arm]:
    """The arms in the order of `names`, then any that the campaign no longer has; those without people have zeros."""
    arms = {name: Arm(name) for name in names}
    for row in rows:
        name = row["arm"] or ""
        arms.setdefault(name, Arm(name)).take(row)
    return list(arms.values())


def _whole(value: str | None) -> int:
    return int(value or 0)
