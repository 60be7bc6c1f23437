"""The admin API. Each route calls one use case; what takes long is started by one call and asked after by others.

API Gateway's JWT authorizer has checked the token and its scopes (template.yaml says which route needs which) before this runs.
Use cases are imported by the route that needs them: the SQL compiler alone would double every cold start.
"""

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import unquote

import orjson
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as NoSuchRouteError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain import admin_api as api
from regulars.domain.errors import InfrastructureError, InvalidRequestError, RegularsError
from regulars.observability import logger

log = logger("admin")


class Resolver(APIGatewayHttpResolver):
    """Reads every body as JSON, whatever its content type, and an absent one as `{}`.

    Keeps the request on itself: powertools keeps it on a class that all resolvers of a process share (BaseRouter), and the
    local cloud runs several copies of this module at the same time.
    """

    _request: APIGatewayProxyEventV2

    def _to_proxy_event(self, event: dict[str, Any]) -> APIGatewayProxyEventV2:
        headers = {**event.get("headers", {}), "content-type": "application/json"}
        self._request = APIGatewayProxyEventV2({**event, "headers": headers, "body": event.get("body") or "{}"}, orjson.loads)
        return self._request

    @property
    def current_event(self) -> APIGatewayProxyEventV2:  # type: ignore[override]
        return self._request


app = Resolver(enable_validation=True)

READ, WRITE, SEND = ([{"admin": [f"regulars/{scope}"]}] for scope in ("read", "write", "send"))

Definition = Annotated[api.Document, Body(description="The definition: docs/segments.md for a segment, docs/campaigns.md for a campaign.")]


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    log.append_keys(route=event.get("routeKey"), request_id=context.aws_request_id)
    return app.resolve(event, context)


# ---------------------------------------------------------------------------------------------------------------- segments


@app.put("/admin/segments/<segment_id>", summary="Save a segment as a new version", security=WRITE)
def put_segment(segment_id: str, definition: Definition) -> api.Saved:
    from regulars.usecases.put_segment import put_segment

    document = _named(definition, segment_id)
    saved = put_segment(document, by=_caller(), definitions=wiring.definitions(), clock=wiring.clock())
    return api.Saved(**vars(saved))


@app.get("/admin/segments", summary="Every segment, its newest version", security=READ)
def list_segments() -> api.Segments:
    return api.Segments(segments=[dict(each.shown) for each in wiring.definitions().all("segment") if not each.archived])


@app.get("/admin/segments/<segment_id>", summary="A segment's newest version", security=READ)
def get_segment(segment_id: str) -> api.Document:
    return dict(wiring.definitions().get("segment", segment_id).shown)


@app.post("/admin/segments/<segment_id>/sql", summary="The SQL that finds a segment's people", security=READ)
def segment_sql(segment_id: str, request: api.AsOf) -> api.SegmentSql:
    from regulars.usecases.evaluate_segment import members_sql

    return api.SegmentSql(**vars(members_sql(segment_id, as_of=request.as_of, definitions=wiring.definitions(), clock=wiring.clock())))


@app.post("/admin/segments/<segment_id>/evaluations", summary="Start counting or listing people", status_code=202, security=READ)
def start_evaluation(segment_id: str, request: api.EvaluationRequest) -> api.Evaluation:
    from regulars.usecases.evaluate_segment import start_evaluation

    started = start_evaluation(
        segment_id,
        kind=request.kind,
        as_of=request.as_of,
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        clock=wiring.clock(),
    )
    return api.Evaluation(**vars(started))


@app.get("/admin/evaluations/<ticket>", summary="How an evaluation stands, and its result", security=READ)
def get_evaluation(ticket: str) -> api.Evaluation:
    from regulars.usecases.evaluate_segment import look_at_evaluation

    return api.Evaluation(**vars(look_at_evaluation(ticket, queries=wiring.queries())))


@app.get("/admin/evaluations/<ticket>/members", summary="One page of the people of an evaluation", security=READ)
def get_members(ticket: str, page: str = "") -> api.Members:
    from regulars.usecases.evaluate_segment import members_page

    return api.Members(**vars(members_page(ticket, page=page, queries=wiring.queries())))


# --------------------------------------------------------------------------------------------------------------- campaigns


@app.put("/admin/campaigns/<campaign_id>", summary="Save a campaign as a new version", security=WRITE)
def put_campaign(campaign_id: str, definition: Definition) -> api.Saved:
    from regulars.usecases.put_campaign import put_campaign

    document = _named(definition, campaign_id)
    saved = put_campaign(document, by=_caller(), definitions=wiring.definitions(), clock=wiring.clock())
    return api.Saved(**vars(saved))


@app.get("/admin/campaigns", summary="Every campaign, its newest version", security=READ)
def list_campaigns() -> api.Campaigns:
    return api.Campaigns(campaigns=[dict(each.shown) for each in wiring.definitions().all("campaign") if not each.archived])


@app.get("/admin/campaigns/<campaign_id>", summary="A campaign's newest version", security=READ)
def get_campaign(campaign_id: str) -> api.Document:
    return dict(wiring.definitions().get("campaign", campaign_id).shown)


@app.post("/admin/campaigns/<campaign_id>/runs", summary="Launch a campaign", status_code=202, security=SEND)
def launch_campaign(campaign_id: str, request: api.AsOf) -> api.Document:
    from regulars.usecases.launch_campaign import launch_campaign

    launched = launch_campaign(
        campaign_id,
        as_of=request.as_of,
        request=app.current_event.request_context.request_id,
        by=_caller(),
        definitions=wiring.definitions(),
        runs=wiring.runs(),
        campaign_runner=wiring.campaign_runner(),
        clock=wiring.clock(),
    )
    return api.shown(launched)


@app.get("/admin/runs/<run_id>", summary="How far a run is", security=READ)
def get_run(run_id: str) -> api.Document:
    return api.shown(wiring.runs().get(run_id).value.summary)


@app.post("/admin/runs/<run_id>/reports", summary="Start reporting what a run changed", status_code=202, security=READ)
def start_report(run_id: str, request: api.ReportRequest) -> api.ReportAnswer:
    from regulars.usecases.report_run import start_report

    return api.ReportAnswer(**api.shown(start_report(run_id, runs=wiring.runs(), queries=wiring.queries(), clock=wiring.clock())))


@app.get("/admin/reports/<ticket>", summary="The report, once it is there", security=READ)
def get_report(ticket: str) -> api.ReportAnswer:
    from regulars.usecases.report_run import look_at_report

    return api.ReportAnswer(**api.shown(look_at_report(ticket, runs=wiring.runs(), queries=wiring.queries())))


# ------------------------------------------------------------------------------------------------------- events and people


@app.post("/admin/flush", summary="Wait until every event accepted so far can be queried, a look at a time", security=WRITE)
def flush(request: api.FlushRequest) -> api.FlushAnswer:
    from regulars.usecases.flush import flush

    progress = flush(
        request.ticket,
        settle=timedelta(seconds=wiring.config().queue_settle_seconds),
        clock=wiring.clock(),
        queue=wiring.event_queue(),
        curate_state=wiring.curate_state(),
        curate_trigger=wiring.curate_trigger(),
    )
    return api.FlushAnswer(**vars(progress))


@app.get("/admin/profiles", summary="What is known of a person now", security=READ)
def get_profile(user_id: str) -> api.Document:
    from regulars.usecases.show_profile import show_profile

    return api.shown(show_profile(user_id, profiles=wiring.profiles()))


@app.get("/admin/profiles/<user_id>", summary="The same, for an id that a path can hold: one without / or ?", security=READ)
def get_profile_by_path(user_id: str) -> api.Document:
    return get_profile(user_id)


@app.get("/admin/quarantine", summary="Refused events, newest first", security=READ)
def list_quarantine(limit: Annotated[int, Query(ge=1, le=200)] = 50) -> api.Quarantine:
    from regulars.usecases.list_quarantine import list_quarantine

    return api.Quarantine(events=[api.shown(each) for each in list_quarantine(limit=limit, clock=wiring.clock(), lake=wiring.lake())])


@app.get("/admin/openapi.json", include_in_schema=False)
def describe() -> api.Document:
    from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer

    text = app.get_openapi_json_schema(
        title="Regulars administration",
        version="1",
        description="Scopes: regulars/read, regulars/write and regulars/send, in a bearer token of the stack's user pool.",
        security_schemes={"admin": HTTPBearer(bearerFormat="JWT")},
    )
    return api.with_problems(orjson.loads(text))


def _named(definition: api.Document, identity: str) -> api.Document:
    """The definition with the id that its address gives it, and without the version that an answer of ours carries: what was got can be put.

    Raises InvalidRequestError if it says another id.
    """
    identity = unquote(identity)  # no id that is allowed has a %, but whoever uses one should be told about it as they wrote it
    if definition.get("id", identity) != identity:
        raise InvalidRequestError(f"is not the {identity!r} of the address", field="id")
    return {**{name: value for name, value in definition.items() if name != "version"}, "id": identity}


def _caller() -> str:
    """Who asks: a person's subject, or the client's id where a program asks for itself."""
    authorizer = app.current_event.request_context.authorizer
    claims = (authorizer.jwt_claim if authorizer else None) or {}
    return str(claims.get("sub") or claims.get("client_id") or "unknown")


# ------------------------------------------------------------------------------------------------------------------ errors


def refused_or_failed(error: RegularsError) -> Response[str]:
    if isinstance(error, InfrastructureError):
        log.exception("failed")
    return _answer(error.status, api.Problem.of(error))


def not_as_described(error: RequestValidationError) -> Response[str]:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return refused_or_failed(InvalidRequestError(f"the body is not JSON: {first['ctx']['error']} at character {first['loc'][1]}"))
    where = ".".join(str(part) for part in first["loc"][1:])
    return refused_or_failed(InvalidRequestError(first["msg"].removeprefix("Value error, "), field=where))


def not_text(_: UnicodeDecodeError) -> Response[str]:
    return refused_or_failed(InvalidRequestError("the body is not UTF-8"))


def no_such_route(_: NoSuchRouteError) -> Response[str]:
    asked = f"{app.current_event.http_method} {app.current_event.path}"
    return _answer(404, api.Problem(code="no_such_route", message=f"there is no {asked}; GET /admin/openapi.json lists what there is"))


def unexpected(_: Exception) -> Response[str]:
    log.exception("unexpected")
    return _answer(500, api.Problem(code="internal", message="something broke on our side; the log says what"))


def _answer(status: int, problem: api.Problem) -> Response[str]:
    return Response(status, "application/json", problem.model_dump_json(exclude_defaults=True))


app.exception_handler(RegularsError)(refused_or_failed)
app.exception_handler(RequestValidationError)(not_as_described)
app.exception_handler(UnicodeDecodeError)(not_text)
app.exception_handler(NoSuchRouteError)(no_such_route)
app.exception_handler(Exception)(unexpected)
