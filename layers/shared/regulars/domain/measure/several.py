"""Several variants: the more are looked at, the sooner one looks good by chance."""

from collections.abc import Sequence

SURE = 0.05
"""Of all that is said of one metric, the chance that any of it is wrong where no message changes anything."""


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
