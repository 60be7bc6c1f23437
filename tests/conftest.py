"""What tests of several folders stand on."""

from collections.abc import Iterator

import pytest

from local.fcm import FcmDouble, start


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
