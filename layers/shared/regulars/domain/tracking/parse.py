"""JSON to a tracking plan, strictly: one schema that is none refuses the whole plan, with the path of what is wrong in it."""

from typing import Any, Final, cast

import jsonschema_rs

from regulars.domain.collection.identifiers import tidy
from regulars.domain.collection.source import IMPORTED, source_name
from regulars.domain.errors import InvalidPlanError, InvalidRequestError
from regulars.domain.language import MAX_NAME, SEGMENT_ID, Fields, Value, printable, read_id
from regulars.domain.tracking.plan import CALLS, Consequence, Expectation, Plan

MAX_EVENTS: Final = 500
"""Names in one plan; a plan of so many schemas of half a kilobyte is within DynamoDB's 400 KB an item."""

_CONSEQUENCES: Final[tuple[Consequence, ...]] = ("report", "quarantine")
_VALUE: Final = "the value"
"""What stands in messages for the value itself: it may be somebody's address, and messages are logged and grouped."""


def parse_plan(document: object) -> Plan:
    """A plan's document (docs/tracking-plans.md) to a Plan. Raises InvalidPlanError, whose field is the path of what is wrong."""
    given = Fields(Value(document, InvalidPlanError)).only(("id", "name", "sources", "track", "unplanned", *CALLS))
    named = given.section("track")
    if len(list(named)) > MAX_EVENTS:
        named.value.refuse(f"{len(list(named)):,} events; at most {MAX_EVENTS}")
    track = _track(named)
    calls = {call: _expectation(given[call]) for call in CALLS if call in given}
    if not track and not calls:
        given.value.refuse(f"a plan says what events look like: `track` by their names, or one of {', '.join(CALLS)}")
    sources = [_source(entry) for entry in given["sources"].items()] if "sources" in given else []
    unplanned = given["unplanned"].choice(_CONSEQUENCES) if "unplanned" in given else None
    return Plan(read_id(given["id"], SEGMENT_ID), given["name"].text(MAX_NAME), track, calls, frozenset(sources), unplanned)


def _track(named: Fields) -> dict[str, Expectation]:
    """By names as events have them, which come trimmed and composed."""
    track: dict[str, Expectation] = {}
    for name in named:
        tidied = tidy(name)
        if not tidied or len(tidied) > MAX_NAME:
            named.value.refuse(f"the name of an event has 1 to {MAX_NAME} characters")
        if tidied in track:
            named[name].refuse(f"`{printable(tidied)}` is named twice: names are compared without the blanks round them")
        track[tidied] = _expectation(named[name])
    return track


def _source(value: Value) -> str:
    name = value.text()
    try:
        return name if name == IMPORTED else source_name(name)
    except InvalidRequestError:
        value.refuse("no source can be called so: a name has 1 to 40 of a-z, 0-9, `_` and `-`, and begins with a letter or a digit")


def _expectation(value: Value) -> Expectation:
    given = Fields(value).only(("schema", "violations"))
    consequence = given["violations"].choice(_CONSEQUENCES) if "violations" in given else "report"
    return Expectation(_compiled(given["schema"]), consequence)


def _compiled(value: Value) -> Any:
    """The schema, of JSON Schema's draft 4 to 2020-12 as its `$schema` says. Nothing is fetched for a `$ref`, and patterns are those of an engine
    that takes linear time, so that no event makes a load hang (https://docs.rs/jsonschema/latest/jsonschema/#regular-expression-configuration)."""
    schema = value.raw
    if not isinstance(schema, dict | bool):
        value.refuse_kind("a JSON Schema, which is an object,")
    try:
        return jsonschema_rs.validator_for(
            cast(Any, schema), validate_formats=True, mask=_VALUE, pattern_options=jsonschema_rs.RegexOptions(), offline=True
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        path = [str(step) for step in getattr(error, "instance_path", [])]
        where = value.at(".".join(path), None) if path else value
        where.refuse(f"is no JSON Schema: {getattr(error, 'message', str(error)).splitlines()[0][:200]}")
