"""Each API says once, beside it, which HTTP status an error is answered with."""

from collections.abc import Iterator, Mapping

import pytest

import functions.admin.errors
import functions.collect.errors
from regulars.domain.errors import InfrastructureError, RefusedError, RegularsError


def leaves(error: type[RegularsError]) -> Iterator[type[RegularsError]]:
    """Of the domain's tree: an API may have refusals of its own."""
    branches = [each for each in error.__subclasses__() if each.__module__.startswith("regulars.")]
    if not branches:
        yield error
    for branch in branches:
        yield from leaves(branch)


APIS = {"admin": functions.admin.errors.STATUSES, "collect": functions.collect.errors.STATUSES}


@pytest.mark.parametrize("statuses", APIS.values(), ids=APIS)
@pytest.mark.parametrize("leaf", leaves(RegularsError), ids=lambda leaf: leaf.__name__)
def test_every_leaf_has_a_status_that_says_whose_fault_it_is(leaf: type[RegularsError], statuses: Mapping[type[RegularsError], int]) -> None:
    ours = [429, *range(500, 600)]  # too many requests may be everybody's together
    assert statuses[leaf] in (range(400, 500) if issubclass(leaf, RefusedError) else ours)


@pytest.mark.parametrize("statuses", APIS.values(), ids=APIS)
def test_no_branch_has_a_status_so_that_a_new_leaf_must_get_its_own(statuses: Mapping[type[RegularsError], int]) -> None:
    assert not {RegularsError, RefusedError, InfrastructureError} & set(statuses)
