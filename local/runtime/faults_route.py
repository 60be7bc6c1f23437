"""`/__admin/faults` at the API's address, as the FCM double has it: GET tells the faults in force, POST sets some."""

import json
from dataclasses import asdict

from local.runtime import faults
from local.runtime.http import Endpoint
from local.runtime.http_events import Answer, Request

PATH = "/__admin/faults"


class WithFaults:
    """An HTTP API, and beside it what no deployed one has."""

    def __init__(self, api: Endpoint) -> None:
        self._api = api

    def handle(self, request: Request) -> Answer:
        return answer(request) if request.path == PATH else self._api.handle(request)


def answer(request: Request) -> Answer:
    """What is asked of the faults."""
    if request.method == "POST":
        try:
            faults.inject(faults.current().changed(json.loads(request.body or b"{}")))
        except ValueError as error:
            return _json(400, {"code": "invalid_fault", "message": str(error)})
    elif request.method != "GET":
        return _json(405, {"code": "method_not_allowed", "message": "GET tells the faults, POST sets some"})
    return _json(200, asdict(faults.current()))


def _json(status: int, document: object) -> Answer:
    return Answer(status, (("content-type", "application/json"),), json.dumps(document).encode())
