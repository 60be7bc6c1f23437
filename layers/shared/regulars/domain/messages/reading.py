"""Which traits a message reads, and what shows where somebody lacks one."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from liquid import Environment
from liquid.builtin.expressions import Filter, FilteredExpression, PositionalArgument, StringLiteral
from liquid.builtin.output import OutputNode

from regulars.domain.messages.template import holds_liquid

_LIQUID = Environment()


def traits_read(value: Any, path: str) -> Iterator[tuple[str, Sequence[str], str]]:
    """Of each text of a push (`PushTemplate.document`) that parses: its path, the names of a trait from the outside in, and what shows without it,
    in words. `path` is the push's own."""
    match value:
        case dict():
            for key, one in value.items():
                yield from traits_read(one, f"{path}.{key}")
        case list():
            for index, one in enumerate(value):
                yield from traits_read(one, f"{path}[{index}]")
        case str() if holds_liquid(value):
            yield from ((path, names, shows) for names, shows in _read(value).items())


def _read(text: str) -> dict[Sequence[str], str]:
    template = _LIQUID.from_string(text)
    named = (_trait(segments) for segments in template.global_variable_segments())
    found = {names: "nothing in its place" for names in named if names}
    for node in template.nodes:
        expression = node.expression if isinstance(node, OutputNode) else None
        if isinstance(expression, FilteredExpression) and (names := _trait(list(getattr(expression.left, "path", ())))):
            found[names] = _default(expression.filters or (), found[names])
    return found


def _default(filters: Sequence[Filter], otherwise: str) -> str:
    match list(filters):
        case [Filter(name="default", args=[PositionalArgument(value=StringLiteral(value=str() as shown))]), *_]:
            return f"\u201c{shown}\u201d"
    return otherwise


def _trait(segments: Sequence[Any]) -> Sequence[str]:
    """Empty for what is no trait."""
    if list(segments[:2]) != ["person", "traits"]:
        return ()
    return tuple(takewhile(lambda name: isinstance(name, str), segments[2:]))
