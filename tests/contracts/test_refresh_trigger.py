"""What every RefreshTrigger does, real or fake."""

import pytest

from regulars.adapters.lambda_trigger import LambdaRefreshTrigger
from regulars.domain.errors import InfrastructureError
from regulars.ports import RefreshTrigger
from tests.contracts.suite import suite
from tests.contracts.test_curate_trigger import Lambda
from tests.fakes.services import MemoryRefreshTrigger


@pytest.fixture
def lambda_() -> RefreshTrigger:
    return LambdaRefreshTrigger("refresh", client=Lambda())


trigger = suite(RefreshTrigger, adapter="lambda_", fake=MemoryRefreshTrigger)


def test_a_look_may_be_asked_for_again_and_again(trigger: RefreshTrigger) -> None:
    for _ in range(3):
        trigger.start("lapsing")


def test_what_lambda_does_not_take_is_ours_to_mend() -> None:
    refusing = MemoryRefreshTrigger()
    refusing.refuses = InfrastructureError("it is a test")
    for one in (LambdaRefreshTrigger("refresh", client=Lambda(refuses=True)), refusing):
        with pytest.raises(InfrastructureError):
            one.start("lapsing")
