"""The short way to render a text that only prints values and asks for them, as `Hi {{ person.traits.name | capitalize | default: "you" }}` or
`{% if person.traits.vip %}..{% else %}..{% endif %}`: by the same filters and conditions, but without what Liquid sets up for other tags, which costs
more than all the rest."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from liquid.ast import BlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import Filter, FilteredExpression, KeywordArgument, Literal, Path
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.context import RenderContext
from liquid.expression import Expression

from regulars.domain.messages.dates import NOW, dated
from regulars.domain.messages.environment import LIQUID, Names, property_of
from regulars.domain.messages.values import text_of

_MOST_STEPS = 16
"""Filters and conditions of a text. A longer one is rendered where its work is counted (`limits`)."""

_Read = Callable[[Names], Any]
_Step = Callable[[Any, Names], Any]


@dataclass(frozen=True, slots=True)
class Printed:
    """One `{{ .. }}`. Raises LiquidError where a filter refuses a value."""

    read: _Read
    steps: Sequence[_Step]

    def __call__(self, names: Names) -> str:
        value = self.read(names)
        for step in self.steps:
            value = step(value, names)
        return value if type(value) is str else text_of(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """An `{% if .. %}`: the first of the branches whose condition holds; the last may have none."""

    branches: Sequence[tuple[Expression | None, bool, Sequence["Piece"]]]

    def __call__(self, names: Names) -> str:
        context = cast(RenderContext, _Lookup(names))
        for condition, wanted, pieces in self.branches:
            if condition is None or bool(condition.evaluate(context)) is wanted:
                return written(pieces, names)
        return ""


Piece = str | Printed | Choice


class _Lookup:
    """As much of a context of Liquid's as conditions ask for."""

    autoescape = False
    __slots__ = ("_names",)

    def __init__(self, names: Names) -> None:
        self._names = names

    def get(self, path: Sequence[Any], *, token: object) -> Any:
        value = self._names.get(path[0])
        for key in path[1:]:
            value = property_of(value, key)
        return value


def written(pieces: Sequence[Piece], names: Names) -> str:
    """Raises LiquidError, and what Python raises, where a value is refused."""
    return "".join([piece if isinstance(piece, str) else piece(names) for piece in pieces])


def straight(nodes: Iterable[Node]) -> Sequence[Piece] | None:
    """The text in pieces; None where it is not that simple."""
    pieces = _pieces(nodes)
    return pieces if pieces is not None and sum(map(_steps, pieces)) <= _MOST_STEPS else None


def _steps(piece: Piece) -> int:
    match piece:
        case Printed():
            return len(piece.steps)
        case Choice():
            return sum(1 + sum(map(_steps, pieces)) for _, _, pieces in piece.branches)
    return 0


def _pieces(nodes: Iterable[Node]) -> Sequence[Piece] | None:
    pieces = list[Piece]()
    for node in nodes:
        piece = node.text if isinstance(node, ContentNode) else _chosen(node) if isinstance(node, (IfNode, UnlessNode)) else _printed(node)
        if piece is None:
            return None
        pieces.append(piece)
    return pieces


def _chosen(node: IfNode | UnlessNode) -> Choice | None:
    blocks: list[tuple[Expression | None, bool, BlockNode]] = [(node.condition, isinstance(node, IfNode), node.consequence)]
    blocks += [(other.expression, True, other.block) for other in node.alternatives]
    blocks += [(None, True, node.default)] if node.default else []
    branches = list[tuple[Expression | None, bool, Sequence[Piece]]]()
    for condition, wanted, block in blocks:
        pieces = None if block.blank else _pieces(block.nodes)  # of a blank one Liquid writes nothing, not even its white space
        if pieces is None:
            return None
        branches.append((condition, wanted, pieces))
    return Choice(branches)


def _printed(node: Node) -> Printed | None:
    expression = node.expression if isinstance(node, OutputNode) else None
    if not isinstance(expression, FilteredExpression):
        return None
    read, steps = _read(expression.left), [_step(filter_) for filter_ in expression.filters or ()]
    known = [step for step in steps if step is not None]
    return Printed(read, known) if read is not None and len(known) == len(steps) else None


def _read(expression: Expression) -> _Read | None:
    if isinstance(expression, Literal):
        return partial(_constant, expression.value)
    path: list[Any] = list(expression.path) if isinstance(expression, Path) else []
    if len(path) < 2 or not isinstance(path[1], str) or not all(isinstance(key, (str, int)) for key in path):
        return None
    if len(path) == 3 and isinstance(path[2], str):
        return partial(_own, *path)
    return partial(_found, path[0], path[1], path[2:])


def _constant(value: Any, _: Names) -> Any:
    return value


def _own(first: str, second: str, key: str, names: Names) -> Any:
    """Of a person's traits, which is by far the commonest."""
    holder = names[first][second]
    return holder.get(key) if type(holder) is dict else property_of(holder, key)


def _found(first: str, second: str, keys: Sequence[Any], names: Names) -> Any:
    value = names[first][second]
    for key in keys:
        value = property_of(value, key)
    return value


def _step(filter_: Filter) -> _Step | None:
    values = [_read(arg.value) for arg in filter_.args]
    reads = [read for read in values if read is not None]
    if len(reads) < len(values):
        return None
    words = [arg.name if isinstance(arg, KeywordArgument) else "" for arg in filter_.args]
    positional = [read for word, read in zip(words, reads, strict=True) if not word]
    named = {word: read for word, read in zip(words, reads, strict=True) if word}
    match filter_.name:
        case "date":
            return partial(_dated, positional)
        case "default" if len(positional) == 1 and not named:
            return partial(_or_default, positional[0])
    function = LIQUID.filters[filter_.name]
    ours = {"environment": LIQUID} if hasattr(function, "with_environment") else {}
    return partial(_filtered, partial(function, **ours), positional, named)


def _dated(form: Sequence[_Read], value: Any, names: Names) -> str:
    return dated(value, form[0](names) if form else None, names[NOW])


def _or_default(otherwise: _Read, value: Any, names: Names) -> Any:
    return otherwise(names) if value is None or value is False or value == "" or value == [] or value == {} else value


def _filtered(function: Callable[..., Any], positional: Sequence[_Read], named: dict[str, _Read], value: Any, names: Names) -> Any:
    return function(value, *[read(names) for read in positional], **{word: read(names) for word, read in named.items()})
