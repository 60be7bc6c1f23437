"""What every ReplayTrigger does, real or fake."""

import pytest

from regulars.adapters.lambda_trigger import LambdaReplayTrigger
from regulars.domain.errors import InfrastructureError
from regulars.ports import ReplayTrigger
from tests.contracts.suite import suite
from tests.contracts.test_curate_trigger import Lambda
from tests.fakes.services import MemoryReplayTrigger


@pytest.fixture
def lambda_() -> ReplayTrigger:
    return LambdaReplayTrigger("replay-journey", client=Lambda())


trigger = suite(ReplayTrigger, adapter="lambda_", fake=MemoryReplayTrigger)


@pytest.mark.parametrize("draft", [None, {"id": "cart"}])
def test_one_may_be_asked_for_again_and_again(trigger: ReplayTrigger, draft: dict[str, str] | None) -> None:
    for _ in range(2):
        trigger.start("5f2b", "cart", {"start": "2026-11-01T00:00:00Z"}, draft)


def test_what_lambda_does_not_take_is_ours_to_mend() -> None:
    refusing = MemoryReplayTrigger()
    refusing.refuses = InfrastructureError("it is a test")
    for one in (LambdaReplayTrigger("replay-journey", client=Lambda(refuses=True)), refusing):
        with pytest.raises(InfrastructureError):
            one.start("5f2b", "cart", {})
