"""People counted by the best that any of their addresses had, at every moment."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.campaigns.counts import Counts, counted, live
from regulars.domain.delivery.outcomes import Fate
from regulars.domain.delivery.tally import SPELL, Tally, Tallying

NOW = datetime(2026, 11, 26, 18, tzinfo=UTC)

FATES = st.sampled_from(
    [("sent", ""), ("unknown", "interrupted"), ("unknown", "no_answer"), ("failed", "refused"), ("failed", "quota"), ("skipped", "no_device")]
)
TOLD = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), FATES), max_size=40)


def tallied(told: list[tuple[int, int, Fate]]) -> Tally:
    tallying = Tallying()
    for person, device, (outcome, reason) in told:
        tallying.note(f"m{person}/{device}", f"p{person}", outcome, reason)
    return tallying.as_of(NOW)


@given(TOLD)
def test_each_person_counts_once_by_the_best_that_any_address_had(told: list[tuple[int, int, Fate]]) -> None:
    order = ["sent", "unknown", "failed", "skipped"]
    best: dict[int, Fate] = {}
    for person, _, fate in told:
        best[person] = min(best.get(person, fate), fate, key=lambda each: (order.index(each[0]), each[1]))
    tally = tallied(told)
    assert tally.people == Counter(best.values())
    assert tally.pushes == len({(person, device) for person, device, (outcome, _) in told if outcome == "sent"})


@given(TOLD, st.randoms())
def test_the_order_in_which_they_are_told_changes_nothing(told: list[tuple[int, int, Fate]], random: object) -> None:
    other = list(told)
    random.shuffle(other)  # type: ignore[attr-defined]
    assert tallied(other) == tallied(told)


@given(st.lists(TOLD, max_size=3))
def test_the_counts_of_a_run_under_way_add_up_and_are_those_that_the_lake_would_count(shards: list[list[tuple[int, int, Fate]]]) -> None:
    tallies = [tallied(told) for told in shards]
    treated = sum(tally.known for tally in tallies) + 7
    counts = live(Counts(audience=treated + 3, control=3, treated=treated, skipped={"not_reached": treated}), tallies)
    assert counts.treated == counts.sent + counts.unknown + sum(counts.failed.values()) + sum(counts.skipped.values())
    people: Counter[Fate] = Counter()
    for tally in tallies:
        people.update(tally.people)
    rows = [
        {"arm": "treated", "outcome": outcome, "reason": reason, "people": str(number), "pushes": "0"} for (outcome, reason), number in people.items()
    ]
    rows += [{"arm": "treated", "outcome": None, "reason": None, "people": "7", "pushes": "0"}]
    rows += [{"arm": CONTROL, "outcome": None, "reason": None, "people": "3", "pushes": None}]
    lake = counted(rows)
    assert (counts.audience, counts.sent, counts.unknown, counts.failed, counts.skipped) == (
        lake.audience,
        lake.sent,
        lake.unknown,
        lake.failed,
        lake.skipped,
    )


def test_the_speed_is_that_of_the_last_seconds() -> None:
    tallying = Tallying()
    assert tallying.as_of(NOW).per_second == 0
    for second in range(1, 31):
        for one in range(100 if second <= 15 else 10):
            tallying.note(f"m{second}/{one}", f"p{second}/{one}", "sent", "")
        speed = tallying.as_of(NOW + timedelta(seconds=second)).per_second
        if second == 15:
            assert speed == 100
    assert speed == 10
    assert tallying.as_of(NOW + timedelta(seconds=30) + 2 * SPELL).per_second == 0
