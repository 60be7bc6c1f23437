"""What every CurateTrigger does, real or fake."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from regulars.adapters.lambda_trigger import LambdaCurateTrigger
from regulars.domain.errors import InfrastructureError
from regulars.ports import CurateTrigger
from tests.contracts.suite import suite
from tests.fakes.services import MemoryCurateTrigger


class Lambda:
    """Takes every invocation, or none."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.refuses = refuses

    def invoke(self, **arguments: Any) -> dict[str, int]:
        if self.refuses:
            raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "Rate exceeded"}}, "Invoke")
        return {"StatusCode": 202}


@pytest.fixture
def lambda_() -> CurateTrigger:
    return LambdaCurateTrigger("curate", client=Lambda())


def throttled() -> CurateTrigger:
    return LambdaCurateTrigger("curate", client=Lambda(refuses=True))


def refusing() -> CurateTrigger:
    trigger = MemoryCurateTrigger()
    trigger.refuses = InfrastructureError("it is a test")
    return trigger


trigger = suite(CurateTrigger, adapter="lambda_", fake=MemoryCurateTrigger)


def test_curate_may_be_asked_for_again_and_again(trigger: CurateTrigger) -> None:
    for _ in range(3):
        trigger.start()


@pytest.mark.parametrize("make", [throttled, refusing])
def test_what_lambda_does_not_take_is_ours_to_mend(make: Callable[[], CurateTrigger]) -> None:
    with pytest.raises(InfrastructureError):
        make().start()
