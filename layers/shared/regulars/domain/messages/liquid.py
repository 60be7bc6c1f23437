"""A text with Liquid in it: parsed once, rendered for each person.

Lenient in rendering, as Liquid is: what a person lacks shows as nothing, and null is what they lack. Strict in parsing: a syntax error, an unknown
filter, a name that nothing will ever fill, are refused with the field's path.

A map of the data has no properties but its own: python-liquid gives a person without a trait called `first` their first trait, as a pair, and one
without `size` the number of their traits (https://github.com/jg-rp/liquid/issues/46).
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from inspect import signature
from itertools import takewhile
from typing import Any, Final

from liquid.builtin.expressions import Filter, FilteredExpression, KeywordArgument, Path
from liquid.exceptions import LiquidError
from liquid.expression import Expression
from liquid.static_analysis import TemplateAnalysis

from regulars.domain.errors import InvalidCampaignError
from regulars.domain.language import Problems, listed, unknown
from regulars.domain.messages.environment import LIQUID, LimitedContext, Names, rendered
from regulars.domain.messages.expressions import every_node, make_ours, with_inner
from regulars.domain.messages.limits import MAX_OUTPUT_BYTES
from regulars.domain.messages.straight import straight, written

Roots = Mapping[str, Sequence[str] | None]
"""The first words of names that something fills, each with what may follow it (None: anything)."""

_PERSON: Final = ("user_id", "traits")
KNOWN: Final[Roots] = {"person": _PERSON, "campaign": ("id", "name", "run_id", "variant", "planned_at")}
"""In a campaign's texts."""
KNOWN_IN_JOURNEYS: Final[Roots] = {"person": _PERSON, "journey": ("id", "name", "version", "step"), "event": None, "collected": None}
"""In a journey's: `event` are the properties of what a run began with, `collected` a list of those of each event that the last `collect` gathered."""
_UNBUILT: Final = {("person", "scores"): "person.scores", ("event",): "event"}

_PYTHONS: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What python-liquid lets through, outside of filters."""

TraitPath = tuple[str, ...]
"""The names of a trait and of what lies in it, from the outside in."""


class RenderError(Exception):
    """A text that cannot be rendered for somebody: `line` counts from 1, `because` is for the campaign's author."""

    def __init__(self, line: int, because: str) -> None:
        super().__init__(f"line {line}: {because}")
        self.line, self.because = line, because


class LiquidText:
    """`path` is the field's. Raises InvalidCampaignError, naming it and with all problems, for what can be rendered for nobody."""

    def __init__(self, text: str, path: str, known: Roots = KNOWN) -> None:
        self.path = path
        problems = Problems()
        try:
            self._template = LIQUID.from_string(text)
            self._check_names(self._template.analyze(), text, known, problems)
            self.printed: Set[TraitPath] = self._made_ours(problems)
            """Those of which nothing is left where somebody lacks them: no default stands in, and nothing in the text asks for them."""
            problems.refuse(InvalidCampaignError)
            self._straight = straight(self._template.nodes)
        except (LiquidError, RecursionError) as error:
            too_deep = isinstance(error, RecursionError) or isinstance(error.__cause__, RecursionError)
            said = "too much of it lies in each other" if too_deep else str(error).strip()
            raise InvalidCampaignError(f"not Liquid that can be rendered: {said}", field=path) from error

    def render(self, names: Names) -> str:
        """`names` holds `dates.NOW` too. Raises RenderError."""
        if self._straight is not None:
            try:
                text = written(self._straight, names)
            except (LiquidError, *_PYTHONS):
                return self._rendered(names)  # which fails likewise, and knows where
            if len(text) * 4 <= MAX_OUTPUT_BYTES or len(text.encode()) <= MAX_OUTPUT_BYTES:
                return text
        return self._rendered(names)

    def _check_names(self, found: TemplateAnalysis, text: str, known: Roots, problems: Problems) -> None:
        for name, spans in found.filters.items():
            if name not in LIQUID.filters:
                self._note(problems, text, spans[0].index, f"the filter {unknown(name, sorted(LIQUID.filters))}")
        variables = [variable for named in found.globals.values() for variable in named]
        for variable in variables:
            if wrong := _wrong_name(variable.segments, known):
                self._note(problems, text, variable.span.index, wrong)
        self.traits: Sequence[TraitPath] = tuple(sorted(set(filter(None, (_trait(variable.segments) for variable in variables)))))
        """Those that it names."""

    def _check_arguments(self, filters: Iterable[Filter], problems: Problems) -> None:
        for filter_ in filters:
            if (function := LIQUID.filters.get(filter_.name)) is None:
                continue
            ours = {name: None for name in ("context", "environment") if hasattr(function, f"with_{name}")}
            named = {arg.name: None for arg in filter_.args if isinstance(arg, KeywordArgument)}
            given = len(filter_.args) - len(named)
            try:
                signature(function).bind(None, *[None] * given, **named, **ours)
            except TypeError as error:
                said = f"the filter `{filter_.name}` with {given} arguments: {error}"
                self._note(problems, filter_.token.source, filter_.token.start_index, said)

    def _note(self, problems: Problems, text: str, place: int, message: str) -> None:
        line = "" if "\n" not in text else f"line {_line(text, place)}: "
        problems.note(self.path, f"{line}{message}")

    def _rendered(self, names: Names) -> str:
        try:
            return rendered(self._template, names)
        except LiquidError as error:
            token = error.token
            raise RenderError(_line(token.source, token.start_index) if token else 1, str(error.message)) from error
        except _PYTHONS as error:
            raise RenderError(1, f"Liquid cannot take a value: {error}") from error

    def _made_ours(self, problems: Problems) -> set[TraitPath]:
        printed, tested = set[TraitPath](), set[TraitPath]()
        for node in every_node(self._template.nodes, LimitedContext(self._template)):
            for outer in node.expressions():
                inner = list(with_inner(outer))
                if isinstance(outer, FilteredExpression):
                    self._check_arguments(outer.filters or (), problems)
                    if not any(filter_.name == "default" for filter_ in outer.filters or ()):
                        printed |= _traits(inner)
                else:
                    tested |= _traits(inner)
                for expression in inner:
                    make_ours(expression)
        return printed - tested


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, max(place, 0)) + 1


def _traits(found: Iterable[Expression]) -> set[TraitPath]:
    return {trait for each in found if isinstance(each, Path) and (trait := _trait(each.path))}


def _trait(segments: Sequence[Any]) -> TraitPath:
    """As far as the template says it: of `person.traits.orders[0].id` it is `orders`. Empty for what is no trait."""
    if list(segments[:2]) != ["person", "traits"]:
        return ()
    return tuple(takewhile(lambda name: isinstance(name, str), segments[2:]))


def _wrong_name(segments: Sequence[Any], known: Roots) -> str:
    """Of a name that nothing fills: the first word, or the second where the first has known ones. Empty where it is filled."""
    root, second = segments[0], segments[1] if len(segments) > 1 else None
    for start, name in _UNBUILT.items():
        if tuple(segments[: len(start)]) == start and (len(start) > 1 or root not in known):
            return f"{name} is not built yet; {listed(known)} are"
    if root not in known:
        return f"the name {unknown(str(root), known)}"
    members = known[root]
    if isinstance(second, str) and members is not None and second not in members:
        return f"in {root}.{second}, {unknown(second, members)}"
    return ""
