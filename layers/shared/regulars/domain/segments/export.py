"""The people of a segment with what is known of them, as one SELECT: for a file, or for UNLOAD."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlglot import exp

from regulars.domain.errors import InvalidRequestError
from regulars.domain.lake.owners import OWNERS, owners
from regulars.domain.lake.sql import statement, text
from regulars.domain.language import Path, Value, json_path, read_path
from regulars.domain.segments.compile.scan import Scan
from regulars.domain.segments.compile.scans import scans
from regulars.domain.segments.compile.sources import Traits
from regulars.domain.segments.functions import call
from regulars.domain.segments.judgement import Test
from regulars.domain.segments.rule import AllOf, Trait

MAX_TRAITS: Final = 50

_PEOPLE = "SELECT audience.user_id AS user_id, count(*) OVER () AS people FROM :people AS audience"
_FOR_UNLOAD = "SELECT audience.user_id AS user_id FROM :people AS audience"


def read_traits(wanted: object) -> tuple[Path, ...]:
    """As a rule writes them: `plan`, `address.city`, or a list of names. Raises InvalidRequestError."""
    if not wanted:
        return ()
    paths = tuple(read_path(each) for each in Value(wanted, InvalidRequestError, "traits").items(MAX_TRAITS))
    for index, path in enumerate(paths):
        if path[-1].endswith("[]"):
            raise InvalidRequestError("a list is told whole: name it without `[]`", field=f"traits[{index}]")
    if len(set(paths)) < len(paths):
        raise InvalidRequestError("names one of them twice", field="traits")
    return paths


def traits_sql(traits: Sequence[Path], as_of: datetime) -> exp.Select:
    """One row a person of whom any of these was ever told: `user_id`, and for each name the newest document that has it."""
    scan = _scan(traits, as_of)
    return scan.select(columns=True).with_(OWNERS, as_=owners(as_of), copy=False)


def rows_sql(people: exp.Expression, known: exp.Select, traits: Sequence[Path], as_of: datetime) -> exp.Select:
    """`user_id`, `people` (how many there are), then each trait's JSON text as `t1`, `t2`, ...; sorted. `known` is the SELECT of `traits_sql`."""
    selected = _with_traits(_PEOPLE, people, known, traits)
    values = [exp.alias_(_json(trait, traits, as_of), f"t{number}") for number, trait in enumerate(traits, 1)]
    return selected.select(*values, copy=False).order_by(exp.column("user_id", "audience"), copy=False)


def unloaded_sql(people: exp.Expression, known: exp.Select, traits: Sequence[Path], as_of: datetime) -> exp.Select:
    """`user_id` and `traits`: a map of names to texts, since Athena makes the names of columns small, and those of traits matter."""
    selected = _with_traits(_FOR_UNLOAD, people, known, traits)
    if not traits:
        return selected
    names = exp.Array(expressions=[text(shown(trait)) for trait in traits])
    values = exp.Array(expressions=[_text(trait, traits, as_of) for trait in traits])
    return selected.select(exp.alias_(exp.Map(keys=names, values=values), "traits"), copy=False)


def shown(trait: Path) -> str:
    """Its name in a heading: `address.city`."""
    return ".".join(trait)


def _with_traits(sql: str, people: exp.Expression, known: exp.Select, traits: Sequence[Path]) -> exp.Select:
    selected = statement(sql, {"people": exp.Subquery(this=people)})
    assert isinstance(selected, exp.Select)
    if traits:
        same = exp.EQ(this=exp.column("user_id", "known"), expression=exp.column("user_id", "audience"))
        selected = selected.join(exp.Subquery(this=known).as_("known"), on=same, join_type="LEFT", copy=False)
    return selected


def _clause(trait: Path) -> Trait:
    return Trait(trait, Test("exists", True))


def _scan(traits: Sequence[Path], as_of: datetime) -> Scan:
    return scans(AllOf(tuple(map(_clause, traits))), as_of)[Traits()]


def _document(trait: Path, traits: Sequence[Path], as_of: datetime) -> exp.Expr:
    return exp.column(_scan(traits, as_of).column(_clause(trait)).name, "known")


def _json(trait: Path, traits: Sequence[Path], as_of: datetime) -> exp.Expr:
    return call("json_format", call("json_extract", _document(trait, traits, as_of), text(json_path(trait))))


def _text(trait: Path, traits: Sequence[Path], as_of: datetime) -> exp.Expr:
    """A text, number or boolean as it reads; an object or a list as JSON."""
    scalar = call("json_extract_scalar", _document(trait, traits, as_of), text(json_path(trait)))
    return call("coalesce", scalar, _json(trait, traits, as_of))
