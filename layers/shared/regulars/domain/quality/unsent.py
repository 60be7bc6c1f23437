"""What a definition names that nobody ever sent: it may be a slip of the pen, or of next week's release, so it is a warning."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from regulars.domain.collection.consents import consent_traits
from regulars.domain.collection.moments import iso
from regulars.domain.definitions import PutWarning
from regulars.domain.language import Path, nearest, printable
from regulars.domain.quality.catalog import Catalog, CatalogedProperty
from regulars.domain.quality.unsent_values import unsent_values
from regulars.domain.segments.judgement import Condition, Judgement
from regulars.domain.segments.measure import Aggregate, Distinct, Measure, Rank
from regulars.domain.segments.rule import Consent, EventClause, EventSequence, Message, OwnTime, Rule, Trait, walk
from regulars.domain.segments.zones import TIMEZONE

_LIQUIDS_OWN: Final = {"size": frozenset({"array", "string"}), "first": frozenset({"array"}), "last": frozenset({"array"})}
"""Of which JSON types."""


@dataclass(frozen=True)
class NamedProperty:
    """A property, or a trait, that a definition names under `key` of what is at `place`; `test` is what that asks of its value."""

    place: str
    key: str
    path: Path
    test: Judgement | None = None

    @property
    def name(self) -> str:
        """As the catalog has it."""
        return ".".join(self.path)


def unsent_in_rule(rule: Rule, catalog: Catalog) -> list[PutWarning]:
    """Of a segment. What other segments say that it names is theirs."""
    return [warning for path, node in walk(rule) for warning in _of_node(path, node, catalog)]


def unknown_campaigns(rule: Rule, campaigns: Collection[str]) -> Iterator[PutWarning]:
    """Of a segment that asks about pushes: the campaigns that nobody saved. Whose conversions are asked for is there (`conversions.check_goals`)."""
    for path, node in walk(rule):
        if isinstance(node, Message) and node.campaign_id is not None and node.campaign_id not in campaigns:
            yield _odd(f"{path}.campaign", f"there is no campaign `{node.campaign_id}`", nearest(node.campaign_id, sorted(campaigns)))


def unsent_event(name: str, path: str, properties: Iterable[NamedProperty], catalog: Catalog) -> Iterator[PutWarning]:
    """The event, or those of its properties that it never had, or values that these never had.

    Nobody can say so of a catalog that is not complete, nor of properties or values of which some were not kept.
    """
    if not catalog.complete:
        return
    if name not in catalog.names:
        yield _odd(path, f"nobody sent an event `{printable(name)}` {_until(catalog)}", nearest(name, catalog.names))
        return
    if not catalog.knows_properties(name):
        return
    known = catalog.properties(name)
    for named in properties:
        if missing := _missing(named.path, known):
            said = f"no `{printable(name)}` came with `{printable(missing)}` {_until(catalog)}"
            yield _odd(f"{named.place}.{named.key}", said, nearest(missing, known), named.name.removeprefix(missing))
        else:
            yield from _of_values(named, known, f"no `{printable(named.name)}` of `{printable(name)}`", catalog)


def unsent_traits(named: Iterable[tuple[str, Path]], catalog: Catalog) -> Iterator[PutWarning]:
    """Of texts, each with its field: the traits that they say and that nobody ever had."""
    for field, path in named:
        if catalog.knows_traits and (missing := _missing(_without_liquids_own(path, catalog.traits), catalog.traits)):
            yield _nobody_sent_trait(field, path, missing, catalog)


def _of_node(path: str, node: Rule, catalog: Catalog) -> Iterator[PutWarning]:
    match node:
        case EventClause(name, where, _, measure):
            yield from unsent_event(name, f"{path}.event", [*_conditions(path, where), *_measured(path, measure)], catalog)
        case EventSequence(steps, _, then_not):
            places = {f"{path}.sequence[{index}]": step for index, step in enumerate(steps)} | ({f"{path}.then_not": then_not} if then_not else {})
            for place, step in places.items():
                yield from unsent_event(step.name, f"{place}.event", _conditions(place, step.where), catalog)
        case Trait(names, test):
            yield from _unsent_trait(NamedProperty(path, "trait", names, test), catalog)
        case Consent(purpose):
            yield from _unsaid_consent(purpose, f"{path}.consent", catalog)
        case OwnTime(clause):
            yield from _of_node(path, clause, catalog)
            yield from _unsent_trait(NamedProperty(path, TIMEZONE, (TIMEZONE,)), catalog)


def _unsent_trait(named: NamedProperty, catalog: Catalog) -> Iterator[PutWarning]:
    if not catalog.knows_traits:
        return
    known = catalog.traits
    if missing := _missing(named.path, known):
        yield _nobody_sent_trait(f"{named.place}.{named.key}", named.path, missing, catalog)
    else:
        yield from _of_values(named, known, f"nobody's `{printable(named.name)}`", catalog)


def _nobody_sent_trait(place: str, path: Path, missing: str, catalog: Catalog) -> PutWarning:
    said = f"nobody sent a trait `{printable(missing)}` {_until(catalog)}"
    return _odd(place, said, nearest(missing, catalog.traits), ".".join(path).removeprefix(missing))


def _without_liquids_own(path: Path, known: Mapping[str, CatalogedProperty]) -> Path:
    """Without `size`, `first` or `last` behind a list or a text, of which Liquid has them."""
    asked = _LIQUIDS_OWN.get(path[-1], frozenset()) if len(path) > 1 else frozenset()
    outer = known.get(".".join(path[:-1]))
    return path[:-1] if outer is not None and asked & set(outer.types) else path


def _unsaid_consent(purpose: str, path: str, catalog: Catalog) -> Iterator[PutWarning]:
    if catalog.knows_traits and not _says(purpose, catalog.traits):
        said = {name.removeprefix("consent.") for name in catalog.traits if name.startswith("consent.")}
        asked = {word for name in catalog.traits for word in (name.rpartition("_opt")[0],) if word and _says(word, catalog.traits)}
        yield _odd(path, f"nobody said yes or no to `{printable(purpose)}` {_until(catalog)}", nearest(purpose, sorted(said | asked)))


def _says(purpose: str, known: Mapping[str, CatalogedProperty]) -> bool:
    yes, no = consent_traits(purpose)
    return any(".".join(trait) in known for trait in (*yes, *no))


def _of_values(named: NamedProperty, known: Mapping[str, CatalogedProperty], whose: str, catalog: Catalog) -> Iterator[PutWarning]:
    values = known[named.name].values if named.name in known else None
    if named.test is None or values is None:
        return
    for unsent in unsent_values(named.test, values):
        said = f"{whose} {unsent.verb} `{printable(unsent.text)}` {_until(catalog)}"
        yield _odd(f"{named.place}.{unsent.place}", said, nearest(unsent.text, values.texts))


def _conditions(path: str, where: Iterable[Condition]) -> Iterator[NamedProperty]:
    for index, condition in enumerate(where):
        yield NamedProperty(f"{path}.where[{index}]", "property", condition.path, condition.test)


def _measured(path: str, measure: Measure) -> Iterator[NamedProperty]:
    match measure:
        case Distinct(of) if of is not None:
            yield NamedProperty(path, "distinct", of)
        case Aggregate(function, of):
            yield NamedProperty(path, function, of)
        case Rank(amount=amount, path=of) if of is not None:
            yield NamedProperty(path, amount, of)


def _missing(names: Path, known: Mapping[str, CatalogedProperty]) -> str:
    """The shortest beginning of a path that nobody sent, or "": the catalog knows one level of what lies in objects."""
    outer, nested = names[0], ".".join(names[:2])
    if outer not in known:
        return outer
    return nested if len(names) > 1 and nested not in known else ""


def _odd(place: str, said: str, meant: str, rest: str = "") -> PutWarning:
    """With what was meant, as `guess` says it; `rest` is what stands behind the part of a path that nobody sent."""
    return PutWarning(place, said + (f" (did you mean `{printable(meant)}`?)" if meant else ""), f"{meant}{rest}" if meant else "")


def _until(catalog: Catalog) -> str:
    return f"until {iso(catalog.through)}"
