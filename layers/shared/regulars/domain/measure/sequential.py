"""An interval that holds however often one looks at it while outcomes come in.

A usual 95 % interval holds for one look. Who looks every day for two weeks, and stops at the first that excludes zero, is misled by chance one time
in five or more. This one is wide enough for all looks together: the normal mixture of H. Robbins, Annals of Mathematical Statistics 41 (1970)
1397-1409, as S. R. Howard, A. Ramdas, J. McAuliffe and J. Sekhon give it, Annals of Statistics 49 (2021) 1055-1080, equation 14; that it holds for
any outcomes once there are many is I. Waudby-Smith et al., Annals of Statistics 52 (2024) 2613-2640, theorem 2.2.

Time runs in variance: the people are the same on each day and what they did only grows, so the difference's variance over all divisions of these
people into groups of these sizes grows, too, and is known without chance.
"""

import math
from dataclasses import dataclass

from regulars.domain.measure.intervals import CONFIDENCE, Interval

_AT_ITS_BEST = 8.211968
"""Variance in units of the mixture's parameter where the interval is the least wide for its standard error: -W(-a^2/e) - 1 with a = 5 % and the lower
branch of Lambert's W (Howard et al., proposition 3)."""

_LEAST = 1e-6


@dataclass(frozen=True)
class Anytime(Interval):
    """`p` is the level at which the interval just touches zero, and as good as it however often one looks."""

    p: float


def anytime_interval(difference: float, error: float, *, expected_error: float, stretch: tuple[float, float] = (1.0, 1.0)) -> Anytime | None:
    """`error` is that of the `difference` over all divisions of these people, so far, `expected_error` what is expected at the end of the window,
    fixed before it began: there the interval is at its best. `stretch` widens it downwards and upwards.

    None where there is nothing to tell yet, or nothing like it was expected.
    """
    if not (error > 0 and _LEAST < expected_error / error < 1 / _LEAST):
        return None
    ratio = (expected_error / error) ** 2 / _AT_ITS_BEST
    z = math.sqrt((1 + ratio) * (math.log1p(1 / ratio) - 2 * math.log(1 - CONFIDENCE)))
    down, up = (side * error for side in stretch)
    distance = difference / (down if difference > 0 else up)
    p = min(1.0, math.exp((math.log1p(1 / ratio) - distance * distance / (1 + ratio)) / 2))
    return Anytime(difference, difference - z * down, difference + z * up, p)
