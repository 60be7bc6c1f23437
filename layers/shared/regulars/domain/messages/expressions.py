"""What Liquid's expressions come to for data as it comes.

python-liquid has no hook for them, so that those of a parsed template are told to be ours: null is `blank`, as `nil.blank?` is in Ruby; a number in
quotes is compared with a number as Liquid's arithmetic takes it; what holds nothing contains nothing; and a range that nobody could go through is
refused before it is laid out.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from liquid.ast import Node
from liquid.builtin.expressions.logical import ContainsExpression, GeExpression, GtExpression, LeExpression, LtExpression
from liquid.builtin.expressions.primitive import Blank, RangeLiteral
from liquid.context import RenderContext
from liquid.exceptions import LiquidTypeError
from liquid.expression import Expression
from liquid.token import Token

from regulars.domain.language import kind
from regulars.domain.messages.environment import LimitedContext
from regulars.domain.messages.filters import number_in
from regulars.domain.messages.limits import MAX_VALUE, refuse
from regulars.domain.messages.values import text_of


def every_node(nodes: Iterable[Node], context: RenderContext) -> Iterator[Node]:
    """All of a template's, the outer before the inner."""
    for node in nodes:
        yield node
        yield from every_node(node.children(context), context)


def with_inner(expression: Expression) -> Iterator[Expression]:
    """It, and all that it is made of."""
    yield expression
    for inner in expression.children():
        yield from with_inner(inner)


def make_ours(expression: Expression) -> None:
    if ours := _OURS.get(type(expression)):
        expression.__class__ = ours


class _NullIsBlank(Blank):
    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return other is None or super().__eq__(other)


class _ShortRange(RangeLiteral):
    __slots__ = ()

    def evaluate(self, context: RenderContext) -> range:
        numbers = super().evaluate(context)
        if numbers.stop - numbers.start > MAX_VALUE:
            raise refuse(f"a range of {numbers.stop - numbers.start} numbers; at most {MAX_VALUE}")
        return numbers


class _Contains(ContainsExpression):
    __slots__ = ()

    def evaluate(self, context: RenderContext) -> bool:
        left, right = self.left.evaluate(context), self.right.evaluate(context)
        if right is None or right is False:
            return False
        if isinstance(left, str):
            return text_of(right) in left
        if isinstance(left, Mapping):
            return isinstance(right, str) and right in left
        if isinstance(context, LimitedContext):
            context.spend(left)
        return isinstance(left, (list, tuple, range)) and right in left


class _Less(LtExpression):
    __slots__ = ()

    def evaluate(self, context: RenderContext) -> bool:
        left, right = _alike(self.left.evaluate(context), self.right.evaluate(context), self.token)
        return bool(left < right)


class _Greater(GtExpression):
    __slots__ = ()

    def evaluate(self, context: RenderContext) -> bool:
        left, right = _alike(self.left.evaluate(context), self.right.evaluate(context), self.token)
        return bool(left > right)


class _AtMost(LeExpression):
    __slots__ = ()

    def evaluate(self, context: RenderContext) -> bool:
        left, right = _alike(self.left.evaluate(context), self.right.evaluate(context), self.token)
        return bool(left <= right)


class _AtLeast(GeExpression):
    __slots__ = ()

    def evaluate(self, context: RenderContext) -> bool:
        left, right = _alike(self.left.evaluate(context), self.right.evaluate(context), self.token)
        return bool(left >= right)


_INCOMPARABLE: Final = (float("nan"), float("nan"))


def _alike(left: object, right: object, token: Token) -> tuple[Any, Any]:
    """Both as numbers or both as texts; where one is null no comparison holds, as in Liquid."""
    if left is None or right is None:
        return _INCOMPARABLE
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    numbers = number_in(left), number_in(right)
    if numbers[0] is None or numbers[1] is None:
        raise LiquidTypeError(f"{kind(left)} cannot be compared with {kind(right)}", token=token)
    return numbers


_OURS: Final[Mapping[type[Expression], type[Expression]]] = {
    Blank: _NullIsBlank,
    RangeLiteral: _ShortRange,
    ContainsExpression: _Contains,
    LtExpression: _Less,
    GtExpression: _Greater,
    LeExpression: _AtMost,
    GeExpression: _AtLeast,
}
