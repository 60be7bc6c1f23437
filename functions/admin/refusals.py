"""What is said of a request that is not as its route describes it: in the words in which documents are refused, all of it at once."""

from collections.abc import Mapping
from typing import Any, Final

from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from regulars.domain.errors import InvalidRequestError, RefusedError
from regulars.domain.language import Problem, kind, refusal

_WANTED: Final[Mapping[str, str]] = {
    "string_type": "a text",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "an object"),
    "list_type": "a list",
}
"""What is needed, by pydantic's name of the error: https://docs.pydantic.dev/latest/errors/validation_errors/"""

_BOUNDS: Final[Mapping[str, str]] = {
    "greater_than_equal": "at least {ge} is needed",
    "greater_than": "more than {gt} is needed",
    "less_than_equal": "at most {le} is allowed",
    "less_than": "less than {lt} is needed",
    "string_too_short": "a text of at least {min_length} characters is needed",
    "string_too_long": "at most {max_length} characters are allowed",
    "too_short": "at least {min_length} entries are needed",
    "too_long": "at most {max_length} entries are allowed",
    "literal_error": "one of {expected} is needed",
}


def as_refusal(error: RequestValidationError) -> RefusedError:
    """Everything that is not as a route describes it."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return InvalidRequestError(f"the body is not JSON: {first['ctx']['error']} at character {first['loc'][1]}")
    return refusal(InvalidRequestError, [Problem(".".join(str(part) for part in each["loc"][1:]), _said(each)) for each in error.errors()])


def _said(each: Mapping[str, Any]) -> str:
    name, given = each["type"], each.get("input")
    if name == "missing":
        return "it is needed, and it is missing"
    if name == "string_too_short" and not given:
        return "a text is needed, and this one is empty"
    if name in _WANTED:
        other = f", not {kind(given)}" if name.endswith("_type") else ""
        return f"{_WANTED[name]} is needed{other}"
    if name in _BOUNDS:
        return _BOUNDS[name].format_map(each["ctx"])
    return str(each["msg"]).removeprefix("Value error, ")
