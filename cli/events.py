"""`regulars events ...`: what was ever sent."""

import json
from difflib import get_close_matches
from typing import Annotated

import typer

from .client import Document
from .command import Session, api_command
from .errors import CommandError
from .output import print_table

group = typer.Typer(no_args_is_help=True, help="See which events are sent, and what they are like.")


@api_command(group, "catalog")
def catalog(
    session: Session,
    event: Annotated[str, typer.Option("--event", metavar="NAME", help="Only this event, with its properties.")] = "",
) -> None:
    """List every event that was sent: its name, properties, their types and values, first and last seen, how many.

    It is as of the last time that events were moved into the lake. Values are shown of properties that have few, and only those that three people or
    more told. With --json: {"events": [{"name", "type", "count", "first_seen", "last_seen", "sources", "properties": [{"name", "types", "count",
    "values", "rare_values"}], "complete"}], "through", "complete", "rebuilding", ..}; an event is not complete that had more properties than are
    kept; rare_values is how many values are not in values because fewer people told them, and both are null where not all are known.
    """
    found = session.api.get("events")
    if event and not found["rebuilding"]:
        _check_known(event, [each["name"] for each in found["events"]])
    shown = [each for each in found["events"] if event in ("", each["name"])]
    session.show({**found, "events": shown}, _print_properties if event else _print_events)


def _check_known(event: str, known: list[str]) -> None:
    if event not in known:
        meant = get_close_matches(event, known, n=1)
        advice = f"did you mean {meant[0]!r}?" if meant else "`regulars events catalog` lists all that was"
        raise CommandError(f"no event {event!r} was sent", code="not_found", advice=advice)


def _print_events(it: Document) -> None:
    columns = ("name", "type", "count", "first_seen", "last_seen")
    print_table(
        [*columns, "sources", "properties"],
        [[*(event[name] for name in columns), ", ".join(event["sources"]), len(event["properties"])] for event in it["events"]],
        right=["count", "properties"],
        free=["sources"],
    )
    _print_state(it)


def _print_properties(it: Document) -> None:
    for event in it["events"]:
        print(f"{event['name']} ({event['type']}): {event['count']:,} from {event['first_seen']} to {event['last_seen']}")
        rows = [[known["name"], ", ".join(known["types"]), known["count"], _values(known)] for known in event["properties"]]
        print_table(["property", "types", "count", "values"], rows, right=["count"], free=["values"])
    _print_state(it)


def _values(known: Document) -> str:
    """Nothing where they are not known."""
    shown = [value if isinstance(value, str) else json.dumps(value) for value in known["values"] or ()]
    return ", ".join([*shown, f"{known['rare_values']} rare"] if known["rare_values"] else shown)


def _print_state(it: Document) -> None:
    for event in it["events"]:
        if not event["complete"]:
            print(f"{event['name']} ({event['type']}) had more properties than the {len(event['properties']):,} that are kept.")
    if it["rebuilding"]:
        print("The catalog could not be read: it is made anew when events are next moved into the lake (`regulars flush`).")
    elif it["through"] is None:
        print("Nothing is in the lake yet: `regulars flush` waits for what was sent.")
    else:
        print(f"{len(it['events']):,} events, as of {it['through']}." + ("" if it["complete"] else " There are more events than the catalog holds."))
