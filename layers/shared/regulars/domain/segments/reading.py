"""Reading JSON strictly: every function takes a value and its path, and refuses what it does not expect by naming both."""

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from regulars.domain.errors import InvalidRuleError
from regulars.domain.segments.limits import MAX_TEXT

NOT_BUILT_RULES = ("sequence", "message", "reachable", "consent", "near", "score")
NOT_BUILT_MEASURES = ("first", "last")
NOT_BUILT_OPERATORS = ("matches", "anniversary", "version_gte", "version_lt")
NOT_BUILT = frozenset((*NOT_BUILT_RULES, *NOT_BUILT_MEASURES, *NOT_BUILT_OPERATORS, "timezone", "then_not"))
"""Words of the language that are refused by name, so that nobody takes them for a spelling mistake."""


def refuse(path: str, message: str) -> NoReturn:
    raise InvalidRuleError(message, field=path)


def listed(names: Iterable[str]) -> str:
    """``a`, `b``, for messages."""
    return ", ".join(f"`{name}`" for name in names)


def kind(value: object) -> str:
    """What JSON calls it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "a list"
        case Mapping():
            return "an object"
    return type(value).__name__


def refuse_key(key: str, path: str, known: Iterable[str]) -> NoReturn:
    """An unknown key, or one of the language that is not there yet: different mistakes, different words."""
    if key in NOT_BUILT:
        refuse(path, f"`{key}` is not built yet; built: {listed(known)}")
    refuse(path, f"`{key}` is not known here; known: {listed(known)}")


def as_object(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        refuse(path, f"an object is needed, not {kind(value)}")
    for key in value:
        if not isinstance(key, str):
            refuse(path, f"keys are texts, not {kind(key)}")
    return value


def only_keys(value: Mapping[str, Any], known: Iterable[str], path: str) -> None:
    allowed = tuple(known)
    for key in value:
        if key not in allowed:
            refuse_key(key, path, allowed)


def as_list(value: object, path: str, limit: int) -> list[Any]:
    """A list with something in it."""
    if not isinstance(value, list):
        refuse(path, f"a list is needed, not {kind(value)}")
    if not value:
        refuse(path, "a list with nothing in it says nothing: leave it out or fill it")
    if len(value) > limit:
        refuse(path, f"{len(value)} entries; at most {limit}")
    return value


def as_text(value: object, path: str, limit: int = MAX_TEXT, *, empty: bool = False) -> str:
    """A text that can be stored, sent and compared: no NUL, no half of a surrogate pair, and not empty unless `empty` says so."""
    if not isinstance(value, str):
        refuse(path, f"a text is needed, not {kind(value)}")
    if not value and not empty:
        refuse(path, "a text is needed, and this one is empty")
    if len(value) > limit:
        refuse(path, f"{len(value)} characters; at most {limit}")
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        refuse(path, "NUL and lone surrogates cannot be looked for")
    return value


def as_number(value: object, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse(path, f"a number is needed, not {kind(value)}")
    try:
        number = float(value)
    except OverflowError:
        refuse(path, "the number is too large")
    if number != number or number in (float("inf"), float("-inf")):
        refuse(path, "the number must be finite")
    return number + 0.0  # -0.0 becomes 0.0


def as_whole(value: object, path: str, low: int = 0, high: int = 2**53) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        refuse(path, f"a whole number is needed, not {kind(value)}")
    if not low <= value <= high:
        refuse(path, f"a whole number from {low} to {high} is needed")
    return value
