"""What every PollTrigger does, real or fake."""

import pytest

from regulars.adapters.lambda_trigger import LambdaPollTrigger
from regulars.domain.errors import InfrastructureError
from regulars.ports import PollTrigger
from tests.contracts.suite import suite
from tests.contracts.test_curate_trigger import Lambda
from tests.fakes.services import MemoryPollTrigger


@pytest.fixture
def lambda_() -> PollTrigger:
    return LambdaPollTrigger("poll_feeds", client=Lambda())


trigger = suite(PollTrigger, adapter="lambda_", fake=MemoryPollTrigger)


def test_a_look_may_be_asked_for_again_and_again(trigger: PollTrigger) -> None:
    for _ in range(3):
        trigger.start("news")


def test_what_lambda_does_not_take_is_ours_to_mend() -> None:
    refusing = MemoryPollTrigger()
    refusing.refuses = InfrastructureError("it is a test")
    for one in (LambdaPollTrigger("poll_feeds", client=Lambda(refuses=True)), refusing):
        with pytest.raises(InfrastructureError):
            one.start("news")
