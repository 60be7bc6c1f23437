"""`regulars events ...`: what was ever sent."""

from typing import Annotated

import typer

from .client import Document
from .command import Session, api_command
from .output import print_table

group = typer.Typer(no_args_is_help=True, help="See which events are sent, and what they are like.")


@api_command(group, "catalog")
def catalog(
    session: Session,
    event: Annotated[str, typer.Option("--event", metavar="NAME", help="Only this event, with its properties.")] = "",
) -> None:
    """List every event that was sent: its name, properties, their types, first and last seen, how many.

    It is as of the last time that events were moved into the lake. With --json: {"events": [{"name", "type", "count", "first_seen", "last_seen",
    "sources", "properties": [{"name", "types", "count"}]}], "through", "complete", ..}.
    """
    found = session.api.get("events")
    shown = [each for each in found["events"] if event in ("", each["name"])]
    session.show({**found, "events": shown}, _print_properties if event else _print_events)


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
        rows = [[known["name"], ", ".join(known["types"]), known["count"]] for known in event["properties"]]
        print_table(["property", "types", "count"], rows, right=["count"])
    _print_state(it)


def _print_state(it: Document) -> None:
    if it["through"] is None:
        print("Nothing is in the lake yet: `regulars flush` waits for what was sent.")
    else:
        print(f"{len(it['events']):,} events, as of {it['through']}." + ("" if it["complete"] else " There are more than the catalog holds."))
