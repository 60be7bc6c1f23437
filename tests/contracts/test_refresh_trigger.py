"""What every RefreshTrigger does, real or fake."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from regulars.adapters.lambda_trigger import LambdaRefreshTrigger
from regulars.domain.errors import InfrastructureError
from regulars.ports import RefreshTrigger
from tests.contracts.suite import suite
from tests.fakes.services import MemoryRefreshTrigger


class Lambda:
    """Takes every invocation, or none."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.refuses = refuses

    def invoke(self, **arguments: Any) -> dict[str, int]:
        if self.refuses:
            raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "Rate exceeded"}}, "Invoke")
        return {"StatusCode": 202}


@pytest.fixture
def lambda_() -> RefreshTrigger:
    return LambdaRefreshTrigger("refresh", client=Lambda())


def throttled() -> RefreshTrigger:
    return LambdaRefreshTrigger("refresh", client=Lambda(refuses=True))


def refusing() -> RefreshTrigger:
    trigger = MemoryRefreshTrigger()
    trigger.refuses = InfrastructureError("it is a test")
    return trigger


trigger = suite(RefreshTrigger, adapter="lambda_", fake=MemoryRefreshTrigger)


def test_a_look_may_be_asked_for_again_and_again(trigger: RefreshTrigger) -> None:
    for _ in range(3):
        trigger.start("lapsing")


@pytest.mark.parametrize("make", [throttled, refusing])
def test_what_lambda_does_not_take_is_ours_to_mend(make: Callable[[], RefreshTrigger]) -> None:
    with pytest.raises(InfrastructureError):
        make().start("lapsing")
