"""How much of each thing, by its name; what was never added is 0."""

from collections.abc import Mapping
from typing import Self


class Amounts(dict[str, float]):
    """Like a Counter, of fractions too."""

    def __missing__(self, name: str) -> float:
        return 0.0

    def add(self, others: Mapping[str, float], times: float = 1) -> Self:
        """Itself, with `times` the others added."""
        for name, amount in others.items():
            self[name] += amount * times
        return self

    def times(self, factor: float) -> "Amounts":
        return Amounts({name: amount * factor for name, amount in self.items()})

    def written(self) -> dict[str, float]:
        """What there is some of, with four digits: for a file."""
        return {name: float(f"{amount:.4g}") for name, amount in sorted(self.items()) if amount}
