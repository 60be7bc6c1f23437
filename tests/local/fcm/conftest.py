from collections.abc import Iterator

import pytest

from local.fcm import FcmDouble, start


@pytest.fixture(scope="session")
def running_double() -> Iterator[FcmDouble]:
    double = start()
    yield double
    double.stop()


@pytest.fixture
def double(running_double: FcmDouble) -> FcmDouble:
    running_double.reset()
    return running_double
