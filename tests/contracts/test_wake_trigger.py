"""What every WakeTrigger does, real or fake."""

import pytest

from regulars.adapters.lambda_trigger import LambdaWakeTrigger
from regulars.domain.errors import InfrastructureError
from regulars.ports import WakeTrigger
from tests.contracts.suite import suite
from tests.contracts.test_curate_trigger import Lambda
from tests.fakes.services import MemoryWakeTrigger


@pytest.fixture
def lambda_() -> WakeTrigger:
    return LambdaWakeTrigger("wake", client=Lambda())


trigger = suite(WakeTrigger, adapter="lambda_", fake=MemoryWakeTrigger)


def test_a_sweep_may_be_asked_for_again_and_again(trigger: WakeTrigger) -> None:
    for _ in range(3):
        trigger.start()


def test_what_lambda_does_not_take_is_ours_to_mend() -> None:
    refusing = MemoryWakeTrigger()
    refusing.refuses = InfrastructureError("it is a test")
    for one in (LambdaWakeTrigger("wake", client=Lambda(refuses=True)), refusing):
        with pytest.raises(InfrastructureError):
            one.start()
