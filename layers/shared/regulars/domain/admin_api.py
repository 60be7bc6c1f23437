"""What crosses the admin API: request and answer bodies, as pydantic models. The OpenAPI description is made from them."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from regulars.domain.errors import RegularsError

Document = dict[str, Any]
QueryState = Literal["queued", "running", "succeeded", "failed", "cancelled"]
EvaluationKind = Literal["count", "members"]


def _in_utc(value: object) -> object:
    """A date, or a date and time, of ISO 8601; UTC where it names no zone. Anything else is refused."""
    if value is None or isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("a moment is text, as in 2017-10-01T08:30:00Z")
    moment = datetime.fromisoformat(value)
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError(f"{value} is out of range in UTC") from error


Moment = Annotated[datetime, BeforeValidator(_in_utc)]


class Problem(BaseModel):
    """Every refusal and every failure. `field` is the path of what is wrong; it is absent where no one place is."""

    code: str
    message: str
    field: str = ""

    @classmethod
    def of(cls, error: RegularsError) -> "Problem":
        return cls(code=error.code, message=str(error), field=getattr(error, "field", ""))


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _known_keys_only(cls, body: object) -> object:
        unknown = sorted(set(body) - set(cls.model_fields)) if isinstance(body, dict) else []
        if unknown:
            allowed = ", ".join(cls.model_fields) or "none"
            raise ValueError(f"unknown key {unknown[0]!r}; allowed: {allowed}")
        return body


class AsOf(Request):
    """`as_of`: later events do not exist. Now, where it is absent."""

    as_of: Moment | None = None


class EvaluationRequest(AsOf):
    kind: EvaluationKind = "count"


class FlushRequest(Request):
    ticket: str = ""


class FlushAnswer(BaseModel):
    """Post `ticket` back until `state` is done. `queued` messages still wait where `waiting_for` is the queue."""

    ticket: str
    state: Literal["pending", "done"]
    waiting_for: Literal["queue", "curate", ""]
    queued: int


class Saved(BaseModel):
    id: str
    version: int
    unchanged: bool


class Segments(BaseModel):
    segments: list[Document]


class Campaigns(BaseModel):
    campaigns: list[Document]


class SegmentSql(BaseModel):
    sql: str
    as_of: Moment


class Evaluation(BaseModel):
    """`count` is there for a count that succeeded; `reason` for what did not. Money is at the prices of `domain.prices`."""

    ticket: str
    state: QueryState
    kind: EvaluationKind
    as_of: Moment
    reason: str | None = None
    count: int | None = None
    bytes_scanned: int = 0
    cost_usd: float = 0.0


class Members(BaseModel):
    """One page of user ids, sorted; `next` is the name of the page after it, empty at the end."""

    members: list[str]
    next: str = ""


class ReportRequest(Request):
    """A report takes no choices yet."""


class ReportAnswer(BaseModel):
    """`report` is there once `state` is succeeded, `reason` where it was not to be had."""

    ticket: str
    state: QueryState
    reason: str | None = None
    report: Document | None = None


class Quarantine(BaseModel):
    """Refused events, newest first: id, at, source, reason, message, and the event unless it is very large."""

    events: list[Document] = Field(default_factory=list)


def shown(value: Any) -> Document:
    """One of ours as JSON, what is absent left out."""
    found: Document = orjson.loads(orjson.dumps({name: one for name, one in vars_of(value).items() if one is not None}))
    return found


def vars_of(value: Any) -> Document:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def with_problems(description: Document) -> Document:
    """An OpenAPI description in which every operation may answer a Problem, in place of powertools' own 422."""
    schemas = description["components"]["schemas"]
    for replaced in ("HTTPValidationError", "ResponseValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    schemas["Problem"] = Problem.model_json_schema()
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in description["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"description": "Refused, or failed", "content": problem}
    return description
