"""Whether the arms have as many people as their buckets promise: a sample ratio mismatch.

Arms are drawn by lot, so their sizes differ from what is promised by chance alone. Where they differ by more, something takes people from one arm or
adds them to it, and whoever is missing is hardly an average customer: any difference between the arms may come from that.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.measure.distributions import chi_square_tail, incomplete_beta

MISMATCH = 0.001
"""Below this p nobody believes in chance any more: A. Fabijan et al., "Diagnosing Sample Ratio Mismatch in Online Controlled Experiments", KDD 2019,
156-164, section 3; R. Kohavi, D. Tang and Y. Xu, "Trustworthy Online Controlled Experiments", 2020, chapter 21."""

ENOUGH = 5
"""People who are to be expected in each arm for the chi-square test to hold: W. G. Cochran, Biometrics 10 (1954) 417-451, section 2."""


@dataclass(frozen=True)
class SampleRatio:
    """`expected` are the people that each arm was promised of all who came; `p` is None where there is nothing to compare."""

    p: float | None
    expected: Mapping[str, float]

    @property
    def ok(self) -> bool:
        return self.p is None or self.p >= MISMATCH


def sample_ratio(observed: Mapping[str, int], bounds: Sequence[tuple[str, int]]) -> SampleRatio:
    """`observed` are people by arm, `bounds` those of the run's own campaign (`arms.bounds`): another version may have given other shares.

    An arm without buckets is promised nobody, and a single person there is a mismatch.
    """
    people = sum(observed.values())
    shares = dict(_shares(bounds))
    expected = {arm: people * share for arm, share in shares.items()}
    if any(count and not shares.get(arm) for arm, count in observed.items()):
        return SampleRatio(0.0, expected)
    drawn = {arm: share for arm, share in shares.items() if share}
    if not people or len(drawn) < 2:
        return SampleRatio(None, expected)
    if min(people * share for share in drawn.values()) < ENOUGH:
        return SampleRatio(_exact(observed, drawn, people), expected)
    square = sum((observed.get(arm, 0) - people * share) ** 2 / (people * share) for arm, share in drawn.items())
    return SampleRatio(chi_square_tail(square, len(drawn) - 1), expected)


def _shares(bounds: Sequence[tuple[str, int]]) -> Iterator[tuple[str, float]]:
    for (_, start), (arm, end) in pairwise([("", 0), *bounds]):
        yield arm, (end - start) / BUCKETS


def _exact(observed: Mapping[str, int], shares: Mapping[str, float], people: int) -> float:
    """Of few people: each arm against all others by the binomial distribution, which is exact (both tails, DLMF 8.17.5), and the smallest of their
    ps times as many as there are (Bonferroni); of two arms both say the same."""
    tests = 1 if len(shares) == 2 else len(shares)
    return min(1.0, tests * min(_binomial(observed.get(arm, 0), people, share) for arm, share in shares.items()))


def _binomial(count: int, size: int, share: float) -> float:
    """Twice the smaller tail of finding `count` of `size` where each is drawn with a probability of `share`."""
    at_least = incomplete_beta(count, size - count + 1, share) if count else 1.0
    at_most = 1 - incomplete_beta(count + 1, size - count, share) if count < size else 1.0
    return min(1.0, 2 * min(at_least, at_most))
