from typing import Any

import pytest
from botocore.exceptions import ClientError

from regulars.adapters.lambda_trigger import LambdaCurateTrigger
from regulars.domain.errors import RunnerUnavailableError


class Recorder:
    def __init__(self, error: Exception | None = None) -> None:
        self.calls: list[dict[str, Any]] = []
        self.error = error

    def invoke(self, **arguments: Any) -> None:
        self.calls.append(arguments)
        if self.error:
            raise self.error


def test_curate_is_invoked_without_waiting_for_it() -> None:
    client = Recorder()
    LambdaCurateTrigger("arn:curate", client=client).start()
    assert client.calls == [{"FunctionName": "arn:curate", "InvocationType": "Event", "Payload": b"{}"}]


def test_a_refusal_is_told_as_ours_to_mend() -> None:
    refusal = ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "Rate exceeded"}}, "Invoke")
    with pytest.raises(RunnerUnavailableError, match="Rate exceeded"):
        LambdaCurateTrigger("curate", client=Recorder(refusal)).start()
