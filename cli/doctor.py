"""`regulars doctor`: whether all is well, and what to do where it is not."""

from .client import Document
from .command import Session
from .errors import CommandError
from .output import print_table


def doctor(session: Session) -> None:
    """Say whether the platform does what it should, and what to do where it does not.

    Looks at the alarms, the dead-letter queues, curate and the runs of campaigns. The exit status is 0 only if all is well; an installation that
    cannot be reached or does not let us in is an error of its own.
    """
    found = session.api.get("health")
    session.show(found, lambda health: _print(session.api.address, health))
    if concerns := found["concerns"]:
        told = "1 thing needs" if len(concerns) == 1 else f"{len(concerns)} things need"
        advice = "\n".join(f"- {each['message']}\n  {each['advice']}".rstrip() for each in concerns)
        raise CommandError(f"{told} somebody:", code="unhealthy", advice=advice)


def _print(address: str, health: Document) -> None:
    print(f"{address} can be reached, and lets you in")
    print_table(["alarm", "state", "since", "reason"], [_alarm(each) for each in health["alarms"]], free=["reason"])
    print_table(["dead letters of", "how many"], list(health["dead_letters"].items()), right=["how many"])
    print(_curate(health["curate"]))
    if not health["concerns"]:
        print("all is well")


def _alarm(alarm: Document) -> list[str]:
    return [alarm["name"], alarm["state"].replace("_", " "), alarm["since"][:19].replace("T", " "), alarm["reason"]]


def _curate(curate: Document) -> str:
    if curate["error"]:
        return f"curate failed: {curate['error']}"
    finished = curate["finished_at"]
    last = f"curate finished last at {finished[:19].replace('T', ' ')} UTC" if finished else "curate has not run yet"
    return f"{last}, and runs" if curate["running"] else last
