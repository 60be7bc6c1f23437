"""What tests of several folders stand on."""

import asyncio
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from local.fcm import FcmDouble, start
from local.lean_imports import import_pyarrow, import_step_functions
from tests.drawn import PROFILE

if TYPE_CHECKING:
    from tests.e2e.conftest import Installation

settings.load_profile(PROFILE)
# A worker holds millions of objects that stay. Looking through them at every 700 new ones would be an eighth of the suite's CPU.
gc.set_threshold(50_000, 20, 100)

TESTS = Path(__file__).parent
LONGEST_FIRST = ("tests/e2e/", "tests/bench/", "tests/clients/", "tests/local/")
"""Folders whose files take minutes. A file is one worker's, so one that came last would be waited for by all others."""


def pytest_configure(config: pytest.Config) -> None:
    """Each worker begins elsewhere to collect: pytest rewrites the asserts of a file, keeps what comes of it, and finds what another has kept. To
    rewrite all of them takes twice as long as all else of collecting. And each leaves out of its imports what the local cloud leaves out."""
    config.add_cleanup(gc.unfreeze)  # the last of the cleanups, as the first that is asked for
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if worker and config.args_source == pytest.Config.ArgsSource.TESTPATHS:
        files = sorted(str(path) for path in TESTS.rglob("test_*.py") if "node_modules" not in path.parts)
        import_step_functions()
        import_pyarrow()
        begin = len(files) * int(worker) // int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        config.args[:] = files[begin:] + files[:begin]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the same order in each worker, as xdist wants it."""

    def turn(item: pytest.Item) -> tuple[int, str]:
        place = next((number for number, folder in enumerate(LONGEST_FIRST) if item.nodeid.startswith(folder)), len(LONGEST_FIRST))
        return place, str(item.path)

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """What collecting made stays until the end: at the end pytest looks for garbage five times, and need not look there."""
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def _no_loop_is_left() -> Iterator[None]:
    """A file that leaves a loop of asyncio running, as Playwright's does, would fail whichever file the worker takes next."""
    yield
    assert asyncio._get_running_loop() is None, "this file leaves a loop of asyncio running"


@pytest.fixture(scope="session")
def installation() -> Iterator["Installation"]:
    """A running `regulars up`, one for all tests of a worker that want no other."""
    from tests.e2e.conftest import Installation

    started = Installation()
    yield started
    assert started.stop() == 0


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
