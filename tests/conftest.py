"""What tests of several folders stand on."""

import asyncio
import gc
from collections.abc import Iterator

import pytest
from hypothesis import settings

from local.fcm import FcmDouble, start
from tests.drawn import PROFILE

settings.load_profile(PROFILE)
# A worker holds millions of objects that stay. Looking through them at every 700 new ones would be an eighth of the suite's CPU.
gc.set_threshold(50_000, 20, 100)

LONGEST_FIRST = ("tests/e2e/", "tests/bench/", "tests/clients/", "tests/local/")
"""Folders whose files take minutes. A file is one worker's, so one that came last would be waited for by all others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(item: pytest.Item) -> int:
        return next((number for number, folder in enumerate(LONGEST_FIRST) if item.nodeid.startswith(folder)), len(LONGEST_FIRST))

    items.sort(key=turn)


@pytest.fixture(scope="module", autouse=True)
def _no_loop_is_left() -> Iterator[None]:
    """A file that leaves a loop of asyncio running, as Playwright's does, would fail whichever file the worker takes next."""
    yield
    assert asyncio._get_running_loop() is None, "this file leaves a loop of asyncio running"


@pytest.fixture(scope="module")
def running_double() -> Iterator[FcmDouble]:
    double = start()
    yield double
    double.stop()


@pytest.fixture
def double(running_double: FcmDouble) -> FcmDouble:
    """The FCM double of this module, with no fault set and nothing counted."""
    running_double.reset()
    return running_double
