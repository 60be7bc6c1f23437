"""How many examples a property is tried with, said in one place: HYPOTHESIS_PROFILE=long tries each with a hundred times as many."""

import os
from typing import Any

from hypothesis import HealthCheck, settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "regulars")
TIMES = {"regulars": 0.3, "long": 50.0}
"""Each run draws anew, so a few examples in every run find what many in one do. What once failed is written down as a case of its own."""
_USUAL = 100

for name, times in TIMES.items():
    # No test asserts a time: neither that of one example, nor that of making one.
    settings.register_profile(name, deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=round(_USUAL * times))


def drawn(examples: int, **more: Any) -> settings:
    """The settings of a property that is worth so many examples, beside those of `more`."""
    return settings(settings.get_profile(PROFILE), max_examples=max(1, round(examples * TIMES[PROFILE])), **more)
