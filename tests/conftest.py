"""What tests of several folders stand on."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from local.fcm import FcmDouble, start

# No test asserts a time: neither that of one example, nor that of making one.
settings.register_profile("regulars", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("regulars")


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
