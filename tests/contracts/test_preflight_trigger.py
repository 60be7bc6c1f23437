"""What every PreflightTrigger does, real or fake."""

from datetime import UTC, datetime

import pytest

from regulars.adapters.lambda_trigger import LambdaPreflightTrigger
from regulars.domain.errors import InfrastructureError
from regulars.ports import PreflightTrigger
from tests.contracts.suite import suite
from tests.contracts.test_curate_trigger import Lambda
from tests.fakes.services import MemoryPreflightTrigger


@pytest.fixture
def lambda_() -> PreflightTrigger:
    return LambdaPreflightTrigger("preflight", client=Lambda())


trigger = suite(PreflightTrigger, adapter="lambda_", fake=MemoryPreflightTrigger)


@pytest.mark.parametrize("as_of", [None, datetime(2017, 10, 1, tzinfo=UTC)])
def test_one_may_be_asked_for_again_and_again(trigger: PreflightTrigger, as_of: datetime | None) -> None:
    for _ in range(3):
        trigger.start("5f2b", "spring", as_of)


def test_what_lambda_does_not_take_is_ours_to_mend() -> None:
    refusing = MemoryPreflightTrigger()
    refusing.refuses = InfrastructureError("it is a test")
    for one in (LambdaPreflightTrigger("preflight", client=Lambda(refuses=True)), refusing):
        with pytest.raises(InfrastructureError):
            one.start("5f2b", "spring", None)
