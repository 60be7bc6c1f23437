"""Journeys: put, got, listed, archived; launched, paused, resumed, stopped; and where people are in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring
from regulars.domain.documents import JsonObject
from regulars.ports import Clock, DefinitionStore, JourneyRegistry, ObjectStore

from .access import READ, SEND, WRITE, author, require_fresh_sign_in
from .answers import (
    Archived,
    Difference,
    HindsightLook,
    JourneyChanged,
    JourneyDrawn,
    JourneyLine,
    JourneyPreflight,
    JourneyStarted,
    JourneyStatus,
    JourneyVerdict,
    Saved,
    Versions,
)
from .definitions import (
    Draft,
    FromVersion,
    IfMatch,
    PutBody,
    Restoring,
    ToVersion,
    VersionNumber,
    WithArchived,
    draft_of,
    expected_version,
    named,
    restored,
    with_tag,
)
from .requests import Moment, Request

router = APIGatewayHttpRouter()


@dataclass(frozen=True)
class Journeys:
    journeys: Sequence[JourneyLine]


class LaunchRequest(Request):
    """`version`: the one that is to take people in, if that is still the newest; else 409."""

    version: int | None = Field(default=None, ge=1)


class StartRequest(Request):
    """Whom, and what the journey's rules and texts know as `event`: 32 KiB at most. `id` names the call: with the same one it is the same start."""

    user_id: str
    properties: JsonObject = Field(default_factory=dict)
    id: str | None = Field(default=None, max_length=128)


class BacktestRequest(Request):
    """From when until when; `sample`: of how many per cent of people; `user_id`: whose messages are shown, in place of the first ones; `document`: of
    this journey, which is not saved; `with`: the ids of other journeys that send to the same people."""

    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    sample: float = Field(default=100, ge=0.01, le=100, allow_inf_nan=False)
    user_id: str = ""
    document: Draft = None
    beside: tuple[str, ...] = Field(default=(), alias="with")


class PictureRequest(Request):
    """`document`: of this journey, which is not saved."""

    document: Draft = None


@router.put("/admin/journeys/<journey_id>", summary="Save a journey as a new version, unless it says the same already", security=WRITE)
def put(journey_id: str, document: PutBody, if_match: IfMatch = None) -> Saved:
    from regulars.usecases.put_journey import put_journey

    return put_journey(
        named(document, journey_id),
        by=author(router),
        expected=expected_version(if_match),
        definitions=wiring.definitions(),
        lake=wiring.lake(),
        clock=wiring.clock(),
    )


@router.post("/admin/journeys/<journey_id>/drafts", summary="What saving a journey would say: everything that is wrong, or odd", security=READ)
def judge(journey_id: str, document: PutBody) -> JourneyVerdict:
    from regulars.usecases.put_journey import look_at_journey

    return look_at_journey(named(document, journey_id), definitions=wiring.definitions(), lake=wiring.lake())


@router.get("/admin/journeys", summary="Every journey, its newest version and how it stands", security=READ)
def list_all(with_archived: WithArchived = False) -> Journeys:
    from regulars.usecases.show_journeys import list_journeys

    return Journeys(list_journeys(with_archived=with_archived, definitions=wiring.definitions(), registry=wiring.journey_registry()))


@router.get("/admin/journeys/<journey_id>", summary="A journey, its newest version or another", security=READ)
def get(journey_id: str, version: VersionNumber = None) -> Response[JsonObject]:
    return with_tag(wiring.definitions().get("journey", journey_id, version).shown)


@router.get("/admin/journeys/<journey_id>/versions", summary="A journey's versions, the newest first", security=READ)
def versions(journey_id: str) -> Versions:
    from regulars.usecases.compare_versions import list_versions

    return list_versions("journey", journey_id, definitions=wiring.definitions())


@router.get("/admin/journeys/<journey_id>/diff", summary="What changed between two versions of a journey", security=READ)
def diff(journey_id: str, from_version: FromVersion = None, to_version: ToVersion = None) -> Difference:
    from regulars.usecases.compare_versions import compare_versions

    return compare_versions("journey", journey_id, from_version=from_version, to_version=to_version, definitions=wiring.definitions())


@router.post("/admin/journeys/<journey_id>/restore", summary="Make an old version of a journey the newest again", security=WRITE)
def restore(journey_id: str, request: Restoring) -> Saved:
    return restored("journey", journey_id, request, by=author(router))


@router.post("/admin/journeys/<journey_id>/archive", summary="Take a journey out of the lists, once it is stopped", security=WRITE)
def archive(journey_id: str, request: Request) -> Archived:
    from regulars.usecases.launch_journey import archive_journey

    return archive_journey(journey_id, registry=wiring.journey_registry(), definitions=wiring.definitions())


@router.get("/admin/journeys/<journey_id>/status", summary="How a journey stands, and how many people are at each step now", security=READ)
def status(journey_id: str) -> JourneyStatus:
    from regulars.usecases.show_journeys import show_journey

    return show_journey(journey_id, definitions=wiring.definitions(), registry=wiring.journey_registry(), journeys=wiring.journeys())


@router.post("/admin/journeys/<journey_id>/pictures", summary="A journey as a picture, with who is at each step now", security=READ)
def draw(journey_id: str, asked: PictureRequest) -> JourneyDrawn:
    from regulars.usecases.draw_journey import draw_journey

    return draw_journey(
        journey_id,
        draft_of(asked.document, journey_id),
        definitions=wiring.definitions(),
        registry=wiring.journey_registry(),
        journeys=wiring.journeys(),
    )


@router.post(
    "/admin/journeys/<journey_id>/backtests", summary="Start finding out what a journey would have done in the past", status_code=202, security=READ
)
def look_back(journey_id: str, asked: BacktestRequest) -> HindsightLook:
    from regulars.domain.journeys.look_back import Question
    from regulars.usecases.look_back import start_look_back

    return start_look_back(
        journey_id,
        Question(asked.start, asked.end, round(asked.sample * 100), asked.user_id, asked.beside),
        draft=draft_of(asked.document, journey_id),
        request=router.current_event.request_context.request_id,
        definitions=wiring.definitions(),
        runner=wiring.look_back_runner(),
        clock=wiring.clock(),
    )


@router.get("/admin/journey-backtests/<ticket>", summary="How a look back stands, and what it found", security=READ)
def look_at_look_back(ticket: str) -> HindsightLook:
    from regulars.usecases.look_back import look_at_look_back as look

    return look(ticket, lake=wiring.lake(), clock=wiring.clock())


@router.post("/admin/journeys/<journey_id>/preflight", summary="What a launch of a journey would do; nothing is done", security=READ)
def foresee(journey_id: str, request: Request) -> JourneyPreflight:
    from regulars.usecases.preflight_journey import preflight_journey

    return preflight_journey(
        journey_id,
        definitions=wiring.definitions(),
        registry=wiring.journey_registry(),
        journeys=wiring.journeys(),
        refreshes=wiring.refreshes(),
        lake=wiring.lake(),
    )


@router.post("/admin/journeys/<journey_id>/launch", summary="Have the newest version of a journey take people in", security=SEND)
def launch(journey_id: str, request: LaunchRequest) -> JourneyChanged:
    from regulars.usecases.launch_journey import launch_journey

    require_fresh_sign_in(router)
    return launch_journey(
        journey_id,
        by=author(router),
        version=request.version,
        registry=wiring.journey_registry(),
        definitions=wiring.definitions(),
        lake=wiring.lake(),
        wake=wiring.wake_trigger(),
        clock=wiring.clock(),
    )


@router.post("/admin/journeys/<journey_id>/starts", summary="Send somebody into a journey whose entry is `api`", status_code=202, security=SEND)
def start(journey_id: str, request: StartRequest) -> JourneyStarted:
    from regulars.usecases.start_journey import start_journey

    return start_journey(
        journey_id,
        request.user_id,
        request.properties,
        identity=request.id,
        definitions=wiring.definitions(),
        registry=wiring.journey_registry(),
        queue=wiring.journey_queue(),
        clock=wiring.clock(),
    )


@router.post("/admin/journeys/<journey_id>/pause", summary="Hold the messages of a journey back; people go on", security=SEND)
def pause(journey_id: str, request: Request) -> JourneyChanged:
    from regulars.usecases.launch_journey import pause_journey

    return _changed(pause_journey, journey_id)


@router.post("/admin/journeys/<journey_id>/resume", summary="Send what a journey held back, and go on sending", security=SEND)
def resume(journey_id: str, request: Request) -> JourneyChanged:
    from regulars.usecases.launch_journey import resume_journey

    return _changed(resume_journey, journey_id)


@router.post("/admin/journeys/<journey_id>/stop", summary="Let nobody into a journey any more, and everybody out", security=SEND)
def stop(journey_id: str, request: Request) -> JourneyChanged:
    from regulars.usecases.launch_journey import stop_journey

    return _changed(stop_journey, journey_id)


class _Change(Protocol):
    def __call__(
        self, journey_id: str, *, by: str, registry: JourneyRegistry, definitions: DefinitionStore, lake: ObjectStore, clock: Clock
    ) -> JourneyChanged: ...


def _changed(change: _Change, journey_id: str) -> JourneyChanged:
    return change(
        journey_id,
        by=author(router),
        registry=wiring.journey_registry(),
        definitions=wiring.definitions(),
        lake=wiring.lake(),
        clock=wiring.clock(),
    )
