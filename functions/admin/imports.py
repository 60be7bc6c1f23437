"""Imports: begun, handed over in parts, followed."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring
from regulars.domain.errors import InvalidRequestError

from .access import READ, WRITE, author
from .answers import ImportErrors, ImportProgress, TranslatedSegment
from .requests import Request

router = APIGatewayHttpRouter()


class StartImport(Request):
    """`content` is the file's SHA-256 (64 hex digits), or an address in S3. `head` is the file's beginning in base64, up to some lines."""

    name: Annotated[str, Field(min_length=1, max_length=1024)]
    format: Literal["segment-ndjson", "csv", "pinpoint-endpoints"]
    content: Annotated[str, Field(pattern="^([0-9a-f]{64}|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.{0,1024})$")]
    head: Annotated[str, Field(max_length=400_000)] = ""
    mapping: dict[str, Any] | None = None
    dry_run: bool = False


class PinpointSegments(Request):
    """`document` is what get-segment or get-segments of Amazon Pinpoint answered."""

    document: dict[str, Any]


@dataclass(frozen=True)
class Translations:
    """None of them is saved: PUT /admin/segments/{id} takes each `segment`."""

    segments: Sequence[TranslatedSegment]


@dataclass(frozen=True)
class Imports:
    """The newest first."""

    imports: Sequence[ImportProgress]


@dataclass(frozen=True)
class Taken:
    """The part is kept."""

    number: int


@router.post("/admin/imports", summary="Begin an import, or find the one of the same content", security=WRITE)
def start(request: StartImport) -> ImportProgress:
    from regulars.usecases.start_import import Readable, Wanted, start_import

    return start_import(
        Wanted(request.name, request.format, request.content, _decoded(request.head, "head"), request.mapping, request.dry_run),
        by=author(router),
        readable=Readable(wiring.config().lake_bucket, wiring.config().import_bucket),
        imports=wiring.imports(),
        bucket=wiring.bucket,
        queue=wiring.import_queue(),
        clock=wiring.clock(),
    )


@router.post("/admin/imports/pinpoint-segments", summary="What segments of Amazon Pinpoint are here, as far as they can be", security=WRITE)
def translate(request: PinpointSegments) -> Translations:
    from regulars.usecases.translate_segments import translate_segments

    return Translations(translate_segments(request.document, lake=wiring.lake()))


@router.put("/admin/imports/<import_id>/parts/<number>", summary="Hand over a part of a file: whole lines, gzipped", security=WRITE)
def put_part(import_id: str, number: int, first_line: Annotated[int, Query(ge=1)], last: bool = False) -> Taken:
    from regulars.usecases.start_import import take_part

    take_part(
        import_id,
        number,
        _decoded(router.current_event.body or "", ""),
        first_line=first_line,
        last=last,
        lake=wiring.lake(),
        lake_bucket=wiring.config().lake_bucket,
        imports=wiring.imports(),
        queue=wiring.import_queue(),
    )
    return Taken(number)


@router.get("/admin/imports", summary="Imports, newest first", security=READ)
def list_imports(limit: Annotated[int, Query(ge=1, le=50)] = 20) -> Imports:
    from regulars.usecases.start_import import show_import

    store, clock = wiring.imports(), wiring.clock()
    return Imports([show_import(job.id, imports=store, clock=clock) for job in store.listed(limit=limit)])


@router.get("/admin/imports/<import_id>", summary="How far an import is, and what came of it", security=READ)
def get(import_id: str) -> ImportProgress:
    from regulars.usecases.start_import import show_import

    return show_import(import_id, imports=wiring.imports(), clock=wiring.clock())


@router.get("/admin/imports/<import_id>/errors", summary="What was refused of an import, with its lines", security=READ)
def errors(import_id: str, page: str = "") -> ImportErrors:
    from regulars.usecases.list_import_errors import list_import_errors

    return list_import_errors(import_id, page=page, lake=wiring.lake(), imports=wiring.imports())


def _decoded(text: str, field: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise InvalidRequestError(f"is no base64: {error}", field=field) from error
