"""What is odd about a journey, seen beside what else there is: its earlier versions, the settings, lists of places, and what ever happened."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from regulars.domain.definitions import PutWarning
from regulars.domain.errors import NotFoundError
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.rules import without_entry
from regulars.domain.journeys.steps import Collect, WaitFor
from regulars.domain.lake.event_names import ALWAYS_OWN
from regulars.domain.language import guess, printable
from regulars.domain.quality.catalog import Catalog
from regulars.domain.quality.unsent import unsent_event
from regulars.domain.segments.judgement import Test
from regulars.ports import DefinitionStore, ObjectStore
from regulars.usecases.current_settings import current_settings
from regulars.usecases.put_warnings import put_warnings, rule_warnings


def journey_warnings(journey: Journey, *, definitions: DefinitionStore, lake: ObjectStore) -> Sequence[PutWarning]:
    """Raises StoreUnavailableError."""
    doubt = current_settings(definitions).doubt(journey.delivery.purpose)
    purpose = [PutWarning("delivery.purpose", doubt)] if doubt else []
    rules = [
        replace(warning, path=warning.path.replace("rule", place, 1))
        for place, rule in journey.rules()
        for warning in rule_warnings(without_entry(rule), definitions=definitions, lake=lake)
    ]
    named = [*purpose, *_no_such_places(journey, definitions), *_nobody_moves(journey, definitions), *rules]
    return [*named, *put_warnings(lambda catalog: _unsent(journey, catalog), lake=lake)]


def _no_such_places(journey: Journey, definitions: DefinitionStore) -> Iterator[PutWarning]:
    """Places that it chooses among those of its list, and that are not on it."""
    if journey.entry.kind != "near" or journey.entry.pattern is None:
        return
    known = [str(each["id"]) for each in definitions.get("places", journey.entry.name).document["places"]]
    for number, condition in enumerate(journey.entry.pattern.where):
        if condition.path == ("place_id",) and isinstance(condition.test, Test) and condition.test.operator in ("eq", "in"):
            operand = condition.test.operand
            for place in operand if isinstance(operand, tuple) else (operand,):
                if str(place) not in known:
                    said = f"`{printable(str(place))}` is no place of the list `{journey.entry.name}`{guess(str(place), known)}"
                    yield PutWarning(f"entry.near.where[{number}]", said)


def _nobody_moves(journey: Journey, definitions: DefinitionStore) -> Iterator[PutWarning]:
    """What `migrate` says of versions and steps that there are not, and who leaves by it."""
    moves, waited = journey.migrate, dict[str, None]()
    for version in moves.versions:
        try:
            before = parse_journey(definitions.get("journey", journey.id, version).document)
        except NotFoundError:
            yield PutWarning("migrate.from", f"there is no version {version} of it, so nobody comes over from there")
        else:
            waited |= dict.fromkeys(name for name in before.steps if before.waits_in(name))
    for old in moves.names:
        if old not in waited:
            yield PutWarning(f"migrate.map.{old}", f"nobody waits in a step of this name by one of those versions{guess(old, waited)}")
    for name in waited:
        if not journey.waits_in(moves.names.get(name, name)):
            yield PutWarning("migrate.map", f"whoever waits in `{name}` leaves: there is no such step any more, and it is not said where they go on")


def _unsent(journey: Journey, catalog: Catalog) -> Iterator[PutWarning]:
    """Events that it begins with, waits for or ends by, and that nobody ever sent. What the platform tells itself may be yet to come."""
    named = [("entry.event", journey.entry.name)] if journey.entry.kind == "event" else []
    named += [("entry.affinity.event", journey.entry.affinity.event)] if journey.entry.affinity else []
    named += [(f"exit[{number}].event", end.pattern.name) for number, end in enumerate(journey.exits)]
    for name, step in journey.steps.items():
        if isinstance(step, WaitFor | Collect) and step.pattern.kind == "event":
            named.append((f"steps.{name}.{'wait_for' if isinstance(step, WaitFor) else 'collect'}.event", step.pattern.name))
    if journey.goal:
        named.append(("goal.event", journey.goal.event))
    for path, event in named:
        if event not in ALWAYS_OWN:
            yield from unsent_event(event, path, (), catalog)
