"""A run's people in counts that add up: audience = control + treated, treated = sent + unknown + failed + skipped."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.delivery.global_control import HELD_OUT
from regulars.domain.delivery.outcomes import Fate
from regulars.domain.delivery.tally import Tally
from regulars.domain.errors import RegularsError
from regulars.domain.queries import ResultRow
from regulars.domain.reasons import NOT_REACHED


@dataclass(frozen=True)
class Counts:
    """In people, each by the best that any of their devices had; `pushes` alone counts devices. `failed` and `skipped` are by reason."""

    audience: int = 0
    control: int = 0
    treated: int = 0
    sent: int = 0
    unknown: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    pushes: int = 0
    held_out: int = 0
    """People of the global control group who would have been in the audience. They are in none of the other figures."""

    @property
    def not_reached(self) -> int:
        """Those of whom nothing is recorded: the run ended before their turn."""
        return self.skipped.get(NOT_REACHED, 0)


def live(sized: Counts, tallies: Iterable[Tally]) -> Counts:
    """The counts of a run under way: its people as they were counted before any was sent to, and what became of them by now, shard by shard (all
    addresses of a person are in one). Of whom nothing is known they have not had their turn."""
    tallies = list(tallies)
    people: Counter[Fate] = Counter()
    for tally in tallies:
        people.update(tally.people)
    reasons: dict[str, Counter[str]] = {"failed": Counter(), "skipped": Counter({NOT_REACHED: sized.treated - people.total()})}
    for (outcome, reason), number in people.items():
        if outcome in reasons:
            reasons[outcome][reason] += number
    return replace(
        sized,
        sent=people["sent", ""],
        unknown=sum(number for (outcome, _), number in people.items() if outcome == "unknown"),
        failed=dict(reasons["failed"]),
        skipped={reason: number for reason, number in reasons["skipped"].items() if number},
        pushes=sum(tally.pushes for tally in tallies),
    )


def outcome_of(row: ResultRow) -> tuple[str, str]:
    """The outcome and the reason in a row of a run's people; nothing at all is (skipped, not_reached)."""
    outcome = row["outcome"]
    return (outcome, row["reason"] or "") if outcome else ("skipped", NOT_REACHED)


def counted(rows: Iterable[ResultRow]) -> Counts:
    """The rows of `audience.counts_sql` as one run's counts. Raises RegularsError if Athena gave a row without a number."""
    people: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {"failed": Counter(), "skipped": Counter()}
    for row in rows:
        if row["people"] is None:
            raise RegularsError(f"a count without a number: {dict(row)}")
        number = int(row["people"])
        if row["arm"] == HELD_OUT:
            people["held_out"] += number
            continue
        people["audience"] += number
        if row["arm"] == CONTROL:
            people["control"] += number
            continue
        people["treated"] += number
        people["pushes"] += int(row["pushes"] or 0)
        outcome, reason = outcome_of(row)
        if outcome in reasons:
            reasons[outcome][reason] += number
        else:
            people[outcome] += number
    return Counts(**people, failed=dict(reasons["failed"]), skipped=dict(reasons["skipped"]))
