"""Liquid as our texts have it: its tags and filters, what they cost at most, and what of a map they see."""

from collections.abc import Mapping
from functools import partial
from typing import Any, TextIO

from liquid import Environment
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.cycle_tag import CycleNode, CycleTag
from liquid.builtin.tags.echo_tag import EchoNode, EchoTag
from liquid.context import RenderContext
from liquid.exceptions import LiquidError, LiquidInterrupt, LoopIterationLimitError, ResourceLimitError
from liquid.expression import Expression
from liquid.output import LimitedStringIO
from liquid.template import BoundTemplate
from liquid.token import Token

from regulars.domain.messages.dates import date
from regulars.domain.messages.filters import tolerant
from regulars.domain.messages.limits import MAX_ENTRIES, MAX_LOCALS_BYTES, MAX_OUTPUT_BYTES, MAX_ROUNDS, MAX_STEPS, entries_in
from regulars.domain.messages.values import text_of

Names = Mapping[str, Any]
"""What a template can see, by its first word; and `dates.NOW`."""


def property_of(value: Any, key: Any) -> Any:
    """A map has its own properties and no others; a list `first`, `last`, `size` and its entries; a text its `size`. None where there is none."""
    if isinstance(value, Mapping):
        return value.get(key) if isinstance(key, str) else None
    if key == "size":
        return len(value) if isinstance(value, (str, list, tuple, range)) else None
    if isinstance(value, (list, tuple, range)):
        index = {"first": 0, "last": -1}.get(key) if isinstance(key, str) else key
        if isinstance(index, int) and -len(value) <= index < len(value):
            return value[index]
    return None


class LimitedContext(RenderContext):
    """Counts what a text does while it is rendered. What is absent is None: null and absent are the same."""

    __slots__ = ("_entries", "_rounds", "_steps")

    def __init__(self, template: BoundTemplate, **settings: Any) -> None:
        super().__init__(template, **settings)
        self._rounds = self._steps = self._entries = 0

    def get(self, path: list[object], *, token: Token | None, default: object = None) -> object:
        self._step(token)
        root = path[0]
        value = self.scope.get(root) if isinstance(root, str) else None
        for key in path[1:]:
            value = property_of(value, key)
        return value

    def filter(self, name: str, token: Token | None) -> Any:
        self._step(token)
        return partial(self._filtered, super().filter(name, token))

    def raise_for_loop_limit(self, length: int = 1) -> None:
        self._rounds += length
        if self._rounds > MAX_ROUNDS:
            raise LoopIterationLimitError(f"loops of more than {MAX_ROUNDS} rounds together", token=None)

    def spend(self, value: Any) -> Any:
        """For all that is in it."""
        if isinstance(value, (list, tuple, dict)):
            self._entries += entries_in(value)
            if self._entries > MAX_ENTRIES:
                raise ResourceLimitError(f"more than {MAX_ENTRIES} entries of lists together", token=None)
        return value

    def _filtered(self, function: Any, *values: Any, **named: Any) -> Any:
        for value in values:
            self.spend(value)
        return function(*values, **named)

    def _step(self, token: Token | None) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise ResourceLimitError(f"more than {MAX_STEPS} names and filters", token=token)


def rendered(template: BoundTemplate, names: Names) -> str:
    """Raises LiquidError, and what Python raises where a filter meets what it was not made for; `token` of the former says where."""
    context, buffer = LimitedContext(template, globals=names), LimitedStringIO(MAX_OUTPUT_BYTES)
    for node in template.nodes:
        try:
            node.render(context, buffer)
        except LiquidInterrupt:
            break  # `break` outside of a loop ends the text, as in Liquid
        except LiquidError as error:
            error.token = error.token or node.token
            raise
    return buffer.getvalue()


def _printed(expression: Expression, context: RenderContext) -> str:
    value = expression.evaluate(context)
    return text_of(context.spend(value) if isinstance(context, LimitedContext) else value)


class _OutputNode(OutputNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return buffer.write(_printed(self.expression, context))


class _Output(Output):
    node_class = _OutputNode


class _EchoNode(EchoNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return buffer.write(_printed(self.expression, context))


class _Echo(EchoTag):
    node_class = _EchoNode


class _AsText(Expression):
    __slots__ = ("inner",)

    def __init__(self, inner: Expression) -> None:
        super().__init__(inner.token)
        self.inner = inner

    def __str__(self) -> str:
        return str(self.inner)

    def evaluate(self, context: RenderContext) -> str:
        return _printed(self.inner, context)

    def children(self) -> list[Expression]:
        return [self.inner]


class _CycleNode(CycleNode):
    def __init__(self, token: Token, group: Expression | None, args: list[Expression]) -> None:
        super().__init__(token, group, [_AsText(arg) for arg in args])


class _Cycle(CycleTag):
    node_class = _CycleNode


class _Limited(Environment):
    local_namespace_limit = MAX_LOCALS_BYTES
    output_stream_limit = MAX_OUTPUT_BYTES


def _environment() -> Environment:
    environment = _Limited()
    environment.filters = {**tolerant(environment.filters), "date": date}
    for tag in (_Output, _Echo, _Cycle):
        environment.add_tag(tag)
    for name in ("include", "render"):  # there are no other templates to take in
        del environment.tags[name]
    return environment


LIQUID = _environment()
