"""The one hook through which each call of a boto3 client in this process goes: moto's own, before moto answers. Here it meets the faults in force."""

import json
import random
import time
from typing import Any, Final

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse

from local.runtime import faults
from local.runtime.corrections import replace, require_moto

_BOTO3_NAMES: Final = {"sfn": "stepfunctions", "secrets-manager": "secretsmanager", "cloudwatch-logs": "logs"}
"""botocore's events name some services by their ids."""


class _Draws:
    """Which calls are turned away: the same ones again for the same faults."""

    def __init__(self) -> None:
        self._faults, self._random = faults.Faults(), random.Random(0)

    def hit(self, share: float) -> bool:
        if self._faults is not faults.current():
            self._faults = faults.current()
            self._random = random.Random(self._faults.seed)
        return self._random.random() < share


_draws: Final = _Draws()


def install() -> None:
    """Put the hook into moto in this process. Idempotent; raises WrongMotoVersionError."""
    require_moto("interception of boto3")
    if BotocoreStubber.__call__.__module__ == __name__:
        return
    stock = BotocoreStubber.__call__

    def call(self: Any, event_name: str, request: AWSPreparedRequest, **named: Any) -> AWSResponse | None:
        if not self.enabled:
            return None
        service = event_name.split(".")[1]
        return _met(_BOTO3_NAMES.get(service, service), request) or stock(self, event_name, request, **named)

    replace(BotocoreStubber, "__call__", call)


def _met(service: str, request: AWSPreparedRequest) -> AWSResponse | None:
    """Takes its time; the answer of a service that turns the call away."""
    in_force = faults.current()
    if milliseconds := in_force.latency.get(service):
        time.sleep(milliseconds / 1000)
    share = in_force.throttle.get(service)
    return _turned_away(service, request) if share and _draws.hit(share) else None


def _turned_away(service: str, request: AWSPreparedRequest) -> AWSResponse:
    status, code = faults.THROTTLES[service]
    is_xml = service == "s3"
    document = {"__type": code, "message": "Rate exceeded"}
    body = f"<Error><Code>{code}</Code><Message>Please reduce your request rate.</Message></Error>" if is_xml else json.dumps(document)
    headers = HTTPHeaders.from_dict({"content-type": "application/xml" if is_xml else "application/json", "x-amzn-errortype": code})
    return AWSResponse(request.url, status, headers, MockRawResponse(body))
