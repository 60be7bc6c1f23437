"""The admin API: one router a noun. Each route calls one use case; what takes long is started by one call and asked after by others.

Use cases are imported by the route that needs them: the SQL compiler alone would add half to every cold start.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as NoSuchRouteError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError, RefusedError, RegularsError
from regulars.observability import begin_request, logger

from . import (
    backtests,
    campaigns,
    costs,
    dead_letters,
    evaluations,
    events,
    explanations,
    feeds,
    flush,
    health,
    identities,
    imports,
    journey_reports,
    journeys,
    lifecycle,
    logs,
    messages,
    overviews,
    places,
    plans,
    preflights,
    profiles,
    quality,
    quarantine,
    queries,
    reports,
    runs,
    schema,
    segments,
    settings,
    sources,
    whys,
)
from .access import only_with_rights
from .description import described
from .errors import Problem, answer_to
from .parameters import only_known_parameters
from .refusals import as_refusal
from .requests import read_body

log = logger("admin")


class Resolver(APIGatewayHttpResolver):
    """Reads every body as JSON, whatever its content type, and an absent one as `{}`.

    Keeps the request and its context on itself, where its routers look for them too: powertools keeps them on a class that all resolvers of
    a process share (BaseRouter), and the local cloud runs several copies of this module at the same time.
    """

    _request: APIGatewayProxyEventV2
    _context: LambdaContext

    def resolve(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        self._context = context
        return super().resolve(event, context)

    def _to_proxy_event(self, event: dict[str, Any]) -> APIGatewayProxyEventV2:
        headers = {**event.get("headers", {}), "content-type": "application/json"}
        self._request = APIGatewayProxyEventV2({**event, "headers": headers, "body": event.get("body") or "{}"}, read_body)
        return self._request

    def _convert_matches_into_route_keys(self, match: re.Match[str]) -> dict[str, str]:
        """The ids of a path as whoever asks means them, and is told of them. HTTP APIs are known to decode `rawPath` before
        (https://github.com/middleapi/standard-server/pull/93), which changes nothing here but for an id with a `%` and two digits of hexadecimal."""
        return {name: unquote(value) for name, value in match.groupdict().items()}

    @property
    def current_event(self) -> APIGatewayProxyEventV2:  # type: ignore[override]
        return self._request

    @property
    def lambda_context(self) -> LambdaContext:  # type: ignore[override]
        return self._context


app = Resolver(enable_validation=True, response_validation_error_http_code=500)
app.use([only_with_rights, only_known_parameters])

for noun in (
    sources,
    feeds,
    segments,
    evaluations,
    explanations,
    lifecycle,
    overviews,
    backtests,
    campaigns,
    messages,
    preflights,
    runs,
    reports,
    whys,
    plans,
    places,
    settings,
    profiles,
    identities,
    events,
    quality,
    quarantine,
    queries,
    imports,
    journey_reports,
    journeys,
    flush,
    logs,
    health,
    dead_letters,
    costs,
    schema,
):
    app.include_router(noun.router)


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    # For this thread and this request only: in the local cloud all copies of this module share one logger.
    begin_request(log, route=event.get("routeKey"), request_id=context.aws_request_id)
    try:
        return app.resolve(event, context)
    finally:
        log.thread_safe_clear_keys()


@app.get("/admin/openapi.json", include_in_schema=False)
def describe() -> JsonObject:
    return described(app)


def refused_or_failed(error: RegularsError) -> Response[str]:
    if not isinstance(error, RefusedError):
        log.exception("failed")
    return answer_to(error)


def not_as_described(error: RequestValidationError) -> Response[str]:
    return answer_to(as_refusal(error))


def not_text(_: UnicodeDecodeError) -> Response[str]:
    return answer_to(InvalidRequestError("the body is not UTF-8"))


def no_such_route(_: NoSuchRouteError) -> Response[str]:
    asked = f"{app.current_event.http_method} {app.current_event.path}"
    return Problem(code="no_such_route", message=f"there is no {asked}; GET /admin/openapi.json lists what there is").answer(404)


def unexpected(_: Exception) -> Response[str]:
    log.exception("unexpected")
    request = app.lambda_context.aws_request_id
    return Problem(code="internal", message=f"something broke on our side (request {request}): the log of the admin function says what").answer(500)


app.exception_handler(RegularsError)(refused_or_failed)
app.exception_handler(RequestValidationError)(not_as_described)
app.exception_handler(UnicodeDecodeError)(not_text)
app.exception_handler(NoSuchRouteError)(no_such_route)
app.exception_handler(Exception)(unexpected)
