"""`/__admin/retailers-year` at the API's address: GET tells how the retailer's year stands, POST begins it. No deployed API has such a route, so that
the console offers the year where this answers, and nowhere else."""

import json
from dataclasses import asdict

from local.demo.households import HOUSEHOLDS
from local.demo.year import RetailersYear
from local.runtime.http import Endpoint
from local.runtime.http_events import Answer, Request

PATH = "/__admin/retailers-year"


class WithYear:
    """An HTTP API, and the year beside it."""

    def __init__(self, year: RetailersYear, api: Endpoint) -> None:
        self._year, self._api = year, api

    def handle(self, request: Request) -> Answer:
        return self._answer(request) if request.path == PATH else self._api.handle(request)

    def _answer(self, request: Request) -> Answer:
        if request.method == "GET":
            return _json(200, asdict(self._year.look()))
        if request.method != "POST":
            return _refused(405, "method_not_allowed", "GET tells how the year stands, POST begins it")
        # A page of another site can post here as well, but not as JSON: the browser would ask us first, and nobody answers.
        if _content_type(request) != "application/json":
            return _refused(415, "unsupported_media_type", "the body is to be application/json")
        try:
            households = json.loads(request.body or b"{}").get("households", HOUSEHOLDS)
        except (ValueError, AttributeError):
            return _refused(400, "invalid_request", "the body is to be a JSON object")
        if type(households) is not int or not 1 <= households <= HOUSEHOLDS:
            return _refused(400, "invalid_request", f"households: 1 to {HOUSEHOLDS:,}")
        return _json(202, asdict(self._year.begin(households)))


def _content_type(request: Request) -> str:
    return next((value.partition(";")[0].strip().lower() for name, value in request.headers if name.lower() == "content-type"), "")


def _refused(status: int, code: str, message: str) -> Answer:
    return _json(status, {"code": code, "message": message})


def _json(status: int, document: object) -> Answer:
    return Answer(status, (("content-type", "application/json"),), json.dumps(document).encode())
