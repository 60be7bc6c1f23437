"""What a group of people did, beside what the same people had done in as long before: all that an estimate of a mean has to know of them."""

from dataclasses import dataclass

from regulars.domain.measure.intervals import Sample

MOST_LARGE = 1_000
"""So many people of each row of `query.outcomes` are known one by one: those with the most. Of all others the moments are enough."""

Pair = tuple[float, float]
"""A person's outcome, and what they had done before."""


@dataclass(frozen=True)
class Paired:
    """`mean` and `deviations` (the sum of squares) are of the outcome, `before` and `before_deviations` of the same in as long before the planned
    moment, and `together` is the sum of the products of both deviations. `largest` has the people with the largest of either, one by one; they are
    part of the rest of the figures, too."""

    size: int = 0
    mean: float = 0.0
    deviations: float = 0.0
    before: float = 0.0
    before_deviations: float = 0.0
    together: float = 0.0
    largest: tuple[Pair, ...] = ()

    @property
    def outcome(self) -> Sample:
        """Without the past."""
        return Sample(self.size, self.mean, self.deviations)

    @property
    def past(self) -> Sample:
        return Sample(self.size, self.before, self.before_deviations)

    def __add__(self, other: "Paired") -> "Paired":
        """Two groups as one: Chan, Golub and LeVeque 1979, "Updating formulae", equation 2.1, for products as for squares."""
        size = self.size + other.size
        if not size:
            return self
        outcome, past = self.outcome + other.outcome, self.past + other.past
        gaps = (other.mean - self.mean) * (other.before - self.before)
        together = self.together + other.together + gaps * (self.size / size) * other.size
        return Paired(size, outcome.mean, outcome.deviations, past.mean, past.deviations, together, self.largest + other.largest)


def counted(size: int, did: int, did_before: int, did_both: int) -> Paired:
    """Of people who did something or not, 1 or 0: how many did, had done it before, and both. `largest` is left out, as all of them are alike."""
    if not size:
        return Paired()
    outcome, past, both = did * (size - did) / size, did_before * (size - did_before) / size, did_both - did * did_before / size
    return Paired(size, did / size, outcome, did_before / size, past, both)


def paired(pairs: tuple[Pair, ...]) -> Paired:
    """Of people of whom everything is known."""
    if not pairs:
        return Paired()
    size = len(pairs)
    mean, before = sum(one for one, _ in pairs) / size, sum(past for _, past in pairs) / size
    return Paired(
        size,
        mean,
        sum((one - mean) ** 2 for one, _ in pairs),
        before,
        sum((past - before) ** 2 for _, past in pairs),
        sum((one - mean) * (past - before) for one, past in pairs),
        pairs,
    )
