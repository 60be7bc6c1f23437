"""What a request may say: the models that several nouns share. Answers are the use cases' own dataclasses."""

from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import Problem, kind, printable, refusal, strict_json


def read_body(text: str) -> Any:
    """The JSON of a body, in which no key may stand twice. Raises InvalidRequestError, and JSONDecodeError for what is no JSON."""
    document = orjson.loads(text)
    try:
        strict_json.loads(text)
    except strict_json.FlawedJsonError as error:
        raise refusal(InvalidRequestError, [Problem(*flaw) for flaw in error.flaws]) from error
    except RecursionError as error:
        raise InvalidRequestError("the body is nested too deeply") from error
    return document


def _in_utc(value: object) -> object:
    """A date, or a date and time, of ISO 8601; UTC where it names no zone. Anything else is refused."""
    if value is None or isinstance(value, datetime):
        return value
    wanted = "a moment, as in 2017-10-01 or 2017-10-01T08:30:00Z, is needed"
    if not isinstance(value, str):
        raise ValueError(f"{wanted}, not {kind(value)}")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{wanted}, not `{printable(value)}`") from error
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError(f"{value} is out of range in UTC") from error


Moment = Annotated[datetime, BeforeValidator(_in_utc)]


class Request(BaseModel):
    """A body all of whose keys are known. This one takes no choices yet: `{}`."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _known_keys_only(cls, body: object) -> object:
        known = [field.alias or name for name, field in cls.model_fields.items()]
        unknown = sorted(set(body) - set(known)) if isinstance(body, dict) else []
        if unknown:
            allowed = ", ".join(known) or "none"
            raise ValueError(f"unknown key {unknown[0]!r}; allowed: {allowed}")
        return body


class AsOf(Request):
    """`as_of`: later events do not exist. Now, where it is absent."""

    as_of: Moment | None = None
