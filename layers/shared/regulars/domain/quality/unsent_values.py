"""What a condition compares with that no value of the property meets."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from regulars.domain.quality.observed_values import ObservedValues
from regulars.domain.segments.judgement import Judgement, Test

_EQUAL = frozenset({"eq", "ne", "in", "nin"})


def _contains(value: str, part: str) -> bool:
    return part in value


_PARTS: Mapping[str, tuple[str, Callable[[str, str], bool]]] = MappingProxyType(
    {
        "contains": ("contained", _contains),
        "not_contains": ("contained", _contains),
        "starts_with": ("began with", str.startswith),
        "ends_with": ("ended with", str.endswith),
    }
)
"""The word for it, and whether a value does."""


@dataclass(frozen=True)
class UnsentValue:
    """`place` is where the condition names it (`eq`, `in[2]`); no value `was` it, `contained` it, ..."""

    place: str
    verb: str
    text: str


def unsent_values(test: Judgement, known: ObservedValues) -> Iterator[UnsentValue]:
    """Never what would find somebody. Of the elements of a list nothing is known."""
    if not isinstance(test, Test):
        return
    for place, text in _operands(test):
        if test.operator in _EQUAL and not known.may_have(text):
            yield UnsentValue(place, "was", text)
        elif test.operator in _PARTS and known.are_spelled_out:
            verb, has = _PARTS[test.operator]
            if not any(has(value, text) for value in known.texts):
                yield UnsentValue(place, verb, text)


def _operands(test: Test) -> Iterator[tuple[str, str]]:
    match test.operand:
        case tuple(members):
            texts = [_text(member) for member in members]
            yield from ((f"{test.operator}[{index}]", text) for index, text in enumerate(texts))
        case str() | float() as operand:
            yield test.operator, _text(operand)


def _text(operand: str | float) -> str:
    return operand if isinstance(operand, str) else repr(operand).removesuffix(".0")
