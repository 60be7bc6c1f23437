"""One arm's figures, out of the rows of `query.outcomes`."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import orjson

from regulars.domain.campaigns.campaign import CONTROL, GUARDRAILS, Guardrail
from regulars.domain.campaigns.counts import outcome_of
from regulars.domain.measure.paired import Paired, counted
from regulars.domain.queries import ResultRow

_CODES: Final = re.compile(r"\b[A-Z]{3}\b")
"""Of currencies in a list as Athena prints it: `[EUR, null, USD]`."""

_NAMING: Final = ("least_currencies", "greatest_currencies", "least_currency", "greatest_currency")
"""The columns that have them: the last two in answers that were kept when a row had one of each."""


@dataclass
class Arm:
    """People, each counted once. `sent` are those with at least one push that FCM took; with those who may have got it (`unknown`), and by their
    reasons `failed` and `skipped`, they are the `people` of a treated arm. `direct` are those who did the goal after they had tapped this run's push.

    Of the `goal_events` those whose value is no number are `unreadable`, and `foreign` are in another currency than the goal's; neither is in the
    `value`, which has everybody in it, most of them with 0. `currencies` are those that they name, if any do: of each
    person the first and the last by name.
    """

    name: str
    people: int = 0
    sent: int = 0
    unknown: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    received: int = 0
    opened: int = 0
    converted: int = 0
    direct: int = 0
    goal_events: int = 0
    unreadable: int = 0
    foreign: int = 0
    currencies: frozenset[str] = frozenset()
    guardrails: dict[Guardrail, int] = field(default_factory=lambda: dict.fromkeys(GUARDRAILS, 0))
    conversion: Paired = field(default_factory=Paired)
    value: Paired = field(default_factory=Paired)

    @property
    def is_control(self) -> bool:
        return self.name == CONTROL

    @property
    def was_sent(self) -> bool:
        """Whether anybody got the message, or may have: else it can have caused nothing."""
        return self.sent + self.unknown > 0

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
        self.direct += _whole(row["direct"])
        self._take_goals(row)
        for guardrail in GUARDRAILS:
            self.guardrails[guardrail] += _whole(row[guardrail])
        self.conversion += counted(people, _whole(row["converted"]), _whole(row["converted_before"]), _whole(row["converted_both"]))
        self.value += value_of(people, row)
        if not self.is_control:
            self._take_fate(people, row)

    def _take_goals(self, row: ResultRow) -> None:
        events, foreign = _whole(row["goal_events"]), _whole(row["foreign_events"])
        self.goal_events += events
        self.foreign += foreign
        self.unreadable += events - foreign - _whole(row["goal_values"])
        self.currencies |= {code for name in _NAMING for code in _CODES.findall(row.get(name) or "")}

    def _take_fate(self, people: int, row: ResultRow) -> None:
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
        if name := row["arm"]:
            arms.setdefault(name, Arm(name)).take(row)
    return list(arms.values())


def in_several(rows: Iterable[ResultRow]) -> int:
    """How many people had ids in several arms, and so are in none."""
    return sum(_whole(row["people"]) for row in rows if not row["arm"])


def value_of(people: int, row: ResultRow) -> Paired:
    """What so many people spent, out of the columns of their means, variances and `largest`."""
    outcome, past, both = (_amount(row[name]) * (people - 1) for name in ("value_variance", "before_variance", "both_variance"))
    most = math.sqrt(outcome) * math.sqrt(past)  # by Cauchy and Schwarz, where rounding would have it more
    together = min(max((both - outcome - past) / 2, -most), most)
    largest = tuple((float(after), float(before)) for after, before in orjson.loads(row["largest"] or "[]"))
    return Paired(people, _amount(row["value_mean"]), outcome, _amount(row["before_mean"]), past, together, largest)


def _amount(value: str | None) -> float:
    return float(value or 0)


def _whole(value: str | None) -> int:
    return int(value or 0)
