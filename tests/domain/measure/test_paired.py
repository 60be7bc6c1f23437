"""Groups of people, beside their own past."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.measure.paired import Paired, paired

_AMOUNTS = st.floats(-1e6, 1e6)
_PEOPLE = st.lists(st.tuples(_AMOUNTS, _AMOUNTS), max_size=20).map(tuple)


@given(st.lists(_PEOPLE, max_size=4))
def test_groups_added_up_are_the_group_of_all(groups):
    added, whole = sum(map(paired, groups), Paired()), paired(tuple(chain.from_iterable(groups)))
    assert added.largest == whole.largest
    for name in ("size", "mean", "deviations", "before", "before_deviations", "together"):
        assert getattr(added, name) == pytest.approx(getattr(whole, name), rel=1e-6, abs=1e-2), name
