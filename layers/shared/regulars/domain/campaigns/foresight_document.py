"""A preflight's result as JSON, for as long as somebody asks after it: what it found, or why it found nothing."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from regulars.domain.campaigns.foresight import Preflight
from regulars.domain.errors import RegularsError


@dataclass(frozen=True)
class PreflightResult:
    """One of the two."""

    found: Preflight | None = None
    reason: str = ""


_RESULTS: TypeAdapter[PreflightResult] = TypeAdapter(PreflightResult)


def preflight_document(found: Preflight) -> bytes:
    return _RESULTS.dump_json(PreflightResult(found))


def failed_document(error: RegularsError) -> bytes:
    return _RESULTS.dump_json(PreflightResult(reason=str(error)))


def preflight_result(document: bytes) -> PreflightResult:
    return _RESULTS.validate_json(document)
