"""Sources: created, listed, given a new key, revoked. A key is in the answer that makes it, and in no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring
from regulars.domain.errors import InvalidRequestError

from .access import READ, WRITE
from .answers import IssuedKey, IssuedSecret, SourceSummary
from .requests import Request

router = APIGatewayHttpRouter()


@dataclass(frozen=True)
class Sources:
    """By name."""

    sources: Sequence[SourceSummary]


class CreateSource(Request):
    """`write_key` is one that apps carry already; else one is made up."""

    name: str
    write_key: str = ""


class RotateSource(Request):
    """`overlap` is how long the old keys go on: a span, as in `12h` or `7d`, or `0`."""

    overlap: str = "7d"
    write_key: str = ""


@router.post("/admin/sources", summary="Make a source, and its first write key", security=WRITE)
def create(request: CreateSource) -> IssuedKey:
    from regulars.usecases.create_source import create_source

    return create_source(request.name, write_key=request.write_key, sources=wiring.sources(), clock=wiring.clock())


@router.get("/admin/sources", summary="Every source, by name", security=READ)
def list_all() -> Sources:
    from regulars.usecases.list_sources import list_sources

    return Sources(list_sources(sources=wiring.sources(), clock=wiring.clock()))


@router.post("/admin/sources/<name>/rotate", summary="Give a source a new write key, while the old one goes on for a time", security=WRITE)
def rotate(name: str, request: RotateSource) -> IssuedKey:
    from regulars.usecases.rotate_source import rotate_source

    return rotate_source(name, overlap=_span(request.overlap), write_key=request.write_key, sources=wiring.sources(), clock=wiring.clock())


@router.post("/admin/sources/<name>/revoke", summary="End all write keys of a source", security=WRITE)
def revoke(name: str, request: Request) -> SourceSummary:
    from regulars.usecases.revoke_source import revoke_source

    return revoke_source(name, sources=wiring.sources(), clock=wiring.clock())


@router.post("/admin/sources/<name>/secret", summary="Make a secret that a source signs its content with", security=WRITE)
def secret(name: str, request: Request) -> IssuedSecret:
    from regulars.usecases.issue_secret import issue_secret

    return issue_secret(name, sources=wiring.sources(), secrets=wiring.signing_secrets(), clock=wiring.clock())


def _span(text: str) -> timedelta:
    from regulars.domain.language.times import read_span
    from regulars.domain.language.value import Value

    return timedelta() if text == "0" else read_span(Value(text, InvalidRequestError, "overlap"))
