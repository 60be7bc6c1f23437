"""The calls that each Python driver makes. Segment's and Rudder's libraries have the same six."""

from typing import Any


def send(client: Any, name: str, events: int) -> None:
    """Sends so many calls, each kind in its turn, about a person of this name."""
    for number in range(events):
        carried = {"number": number}
        match number % 6:
            case 0:
                client.identify(name, carried)
            case 1:
                client.track(name, "Driven", carried)
            case 2:
                client.page(name, "category", "page", carried)
            case 3:
                client.screen(name, "category", "screen", carried)
            case 4:
                client.group(name, "group", carried)
            case 5:
                client.alias(f"{name}-{number}", name)
