"""Liquid in the texts of a JSON tree: parsed once, rendered for each person.

Lenient in rendering, as Liquid is: what a person lacks shows as nothing. Strict in parsing: a syntax error, an unknown filter, a name
that nothing will ever fill, are refused with the field's path.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from liquid import Environment
from liquid.builtin.filters.misc import date as liquid_date
from liquid.context import RenderContext
from liquid.exceptions import LiquidError
from liquid.filter import with_context, with_environment
from liquid.template import BoundTemplate

from regulars.domain.errors import InvalidCampaignError
from regulars.domain.language import unknown
from regulars.domain.messages.template import holds_liquid

Names = Mapping[str, Mapping[str, Any]]
"""What a template can see, by its first word."""

KNOWN = {
    "person": ("user_id", "traits"),
    "campaign": ("id", "name", "run_id", "variant", "planned_at"),
}
_UNBUILT = {("person", "scores"): "person.scores", ("event",): "event"}
NOW = "now"
"""The moment of sending: a name of ours in the render context, so that no filter reads a clock."""


class RenderError(Exception):
    """A template met a person with whom it cannot be rendered."""


class _Environment(Environment):
    """Liquid with limits: a text cannot run for ever or grow without end, whatever the traits hold."""

    loop_iteration_limit = 1_000
    local_namespace_limit = 65_536
    output_stream_limit = 16_384


@with_context
@with_environment
def _date(value: Any, form: Any, *, context: RenderContext, environment: Environment) -> Any:
    """Liquid's `date`, whose "now" and "today" are the moment of sending."""
    moment = context.resolve(NOW) if value in ("now", "today") else value
    return liquid_date(moment, form, environment=environment)


def _environment() -> Environment:
    environment = _Environment()
    environment.add_filter("date", _date)
    for tag in ("include", "render"):  # there are no other templates to take in
        del environment.tags[tag]
    return environment


_LIQUID = _environment()


class LiquidTree:
    """A JSON value some of whose texts are Liquid. Raises InvalidCampaignError, naming the field under `path`."""

    def __init__(self, value: Any, path: str) -> None:
        self._tree = _compiled(value, path)

    def render(self, names: Names, *, now: dt.datetime) -> Any:
        """The same JSON with every text rendered. Raises RenderError."""
        try:
            return _rendered(self._tree, {**names, NOW: now})
        except (LiquidError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # python-liquid's filters let some of Python's own errors through when a trait has an odd type.
            raise RenderError(str(error)) from error


def _compiled(value: Any, path: str) -> Any:
    if isinstance(value, dict):
        return {key: _compiled(one, f"{path}.{key}") for key, one in value.items()}
    if isinstance(value, list):
        return [_compiled(one, f"{path}[{index}]") for index, one in enumerate(value)]
    if isinstance(value, str) and holds_liquid(value):
        return _parsed(value, path)
    return value


def _rendered(value: Any, names: Mapping[str, Any]) -> Any:
    if isinstance(value, BoundTemplate):
        return value.render(names)
    if isinstance(value, dict):
        return {key: _rendered(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_rendered(one, names) for one in value]
    return value


def _parsed(text: str, path: str) -> BoundTemplate:
    try:
        template = _LIQUID.from_string(text)
        filters, variables = template.filter_names(), template.global_variable_segments()
    except LiquidError as error:
        raise InvalidCampaignError(f"not Liquid that can be rendered: {str(error).strip()}", field=path) from error
    for name in filters:
        if name not in _LIQUID.filters:
            raise InvalidCampaignError(f"the filter {unknown(name, sorted(_LIQUID.filters))}", field=path)
    for variable in variables:
        _check_name(variable, path)
    return template


def _check_name(segments: list[Any], path: str) -> None:
    """Refuses a name that nothing fills: the first word, and the second where the first has known ones."""
    root, second = segments[0], segments[1] if len(segments) > 1 else None
    for start, name in _UNBUILT.items():
        if tuple(segments[: len(start)]) == start:
            raise InvalidCampaignError(f"{name} is not built yet; traits and the campaign's own names are", field=path)
    if root not in KNOWN:
        raise InvalidCampaignError(f"the name {unknown(str(root), KNOWN)}", field=path)
    if isinstance(second, str) and second not in KNOWN[root]:
        raise InvalidCampaignError(f"in {root}.{second}, {unknown(second, KNOWN[root])}", field=path)
