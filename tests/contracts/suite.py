"""A suite a port: what every implementation of it does, run on the adapter and on the fake that tests use in its place."""

from collections.abc import Callable
from typing import Any, Final

import pytest

FAKES: Final[dict[type, Callable[[], object]]] = {}
"""Which fake passes the suite of which port."""


def suite(port: type, *, adapter: str, fake: Callable[[], object]) -> Any:
    """The fixture of a suite: each test that takes it runs on what the fixture named `adapter` gives, and on the fake."""
    FAKES[port] = fake

    @pytest.fixture(params=["adapter", "fake"])
    def implementation(request: pytest.FixtureRequest) -> object:
        return request.getfixturevalue(adapter) if request.param == "adapter" else fake()

    return implementation
