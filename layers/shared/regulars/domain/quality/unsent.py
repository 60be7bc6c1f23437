"""What a definition names that nobody ever sent: it may be a slip of the pen, or of next week's release, so it is a warning."""

from collections.abc import Iterable, Iterator, Mapping

from regulars.domain.collection.moments import iso
from regulars.domain.definitions import PutWarning
from regulars.domain.language import Path, nearest, printable
from regulars.domain.quality.catalog import Catalog, CatalogedProperty
from regulars.domain.segments.judgement import Condition
from regulars.domain.segments.measure import Aggregate, Distinct, Measure, Rank
from regulars.domain.segments.rule import EventClause, EventSequence, OwnTime, Rule, Trait, walk
from regulars.domain.segments.zones import TIMEZONE


def unsent_in_rule(rule: Rule, catalog: Catalog) -> list[PutWarning]:
    """Of a segment. What other segments say that it names is theirs."""
    return [warning for path, node in walk(rule) for warning in _of_node(path, node, catalog)]


def unsent_event(name: str, path: str, properties: Iterable[tuple[str, Path]], catalog: Catalog) -> Iterator[PutWarning]:
    """The event, or those of its properties that it never had; each property is given with its place in the document.

    Nobody can say so of a catalog that is not complete, nor of properties of which some were not kept.
    """
    if not catalog.complete:
        return
    if name not in catalog.names:
        yield PutWarning(path, f"nobody sent an event `{printable(name)}` {_until(catalog)}{_meant(name, catalog.names)}")
        return
    if not catalog.knows_properties(name):
        return
    known = catalog.properties(name)
    for place, names in properties:
        if missing := _missing(names, known):
            yield PutWarning(place, f"no `{printable(name)}` came with `{printable(missing)}` {_until(catalog)}{_meant(missing, known)}")


def _of_node(path: str, node: Rule, catalog: Catalog) -> Iterator[PutWarning]:
    match node:
        case EventClause(name, where, _, measure):
            yield from unsent_event(name, f"{path}.event", [*_conditions(path, where), *_measured(path, measure)], catalog)
        case EventSequence(steps, _, then_not):
            places = {f"{path}.sequence[{index}]": step for index, step in enumerate(steps)} | ({f"{path}.then_not": then_not} if then_not else {})
            for place, step in places.items():
                yield from unsent_event(step.name, f"{place}.event", _conditions(place, step.where), catalog)
        case Trait(names):
            yield from _unsent_trait(names, f"{path}.trait", catalog)
        case OwnTime(clause):
            yield from _of_node(path, clause, catalog)
            yield from _unsent_trait((TIMEZONE,), f"{path}.{TIMEZONE}", catalog)


def _unsent_trait(names: Path, path: str, catalog: Catalog) -> Iterator[PutWarning]:
    if catalog.knows_traits and (missing := _missing(names, catalog.traits)):
        yield PutWarning(path, f"nobody sent a trait `{printable(missing)}` {_until(catalog)}{_meant(missing, catalog.traits)}")


def _conditions(path: str, where: Iterable[Condition]) -> Iterator[tuple[str, Path]]:
    for index, condition in enumerate(where):
        yield f"{path}.where[{index}].property", condition.path


def _measured(path: str, measure: Measure) -> Iterator[tuple[str, Path]]:
    match measure:
        case Distinct(of) if of is not None:
            yield f"{path}.distinct", of
        case Aggregate(function, of):
            yield f"{path}.{function}", of
        case Rank(amount=amount, path=of) if of is not None:
            yield f"{path}.{amount}", of


def _missing(names: Path, known: Mapping[str, CatalogedProperty]) -> str:
    """The shortest beginning of a path that nobody sent, or "": the catalog knows one level of what lies in objects."""
    outer, nested = names[0], ".".join(names[:2])
    if outer not in known:
        return outer
    return nested if len(names) > 1 and nested not in known else ""


def _until(catalog: Catalog) -> str:
    return f"until {iso(catalog.through)}"


def _meant(name: str, known: Iterable[str]) -> str:
    meant = nearest(name, known)
    return f" (did you mean `{printable(meant)}`?)" if meant else ""
