"""`regulars segment refresh`: who came into a segment and who left it, at the last look or at one now."""

from .client import Document
from .command import LONGEST_QUERY_SECONDS, Session
from .errors import CommandError
from .output import price


def refresh(session: Session, segment: str, *, now: bool) -> None:
    """Raises CommandError where a look that was asked for failed."""
    session.show(_now(session, segment) if now else session.api.get("segments", segment, "refresh"), _print)


def _now(session: Session, segment: str) -> Document:
    before = session.api.post("segments", segment, "refresh", body={})

    def look() -> Document:
        return session.api.get("segments", segment, "refresh")

    def ended(found: Document) -> bool:
        return _moments(found) != _moments(before)

    done = session.wait(f"refresh of {segment}", look, ended, patience=LONGEST_QUERY_SECONDS, tell=_stage)
    if done["error"]:
        raise CommandError(f"{segment} could not be refreshed: {done['error']}", code="refresh_failed")
    return done


def _moments(found: Document) -> tuple[object, object]:
    return found["refreshed_at"], found["failed_at"]


def _stage(found: Document) -> str:
    return "asking" if found["under_way"] else "waiting"


def _print(it: Document) -> None:
    if it["every"] is None:
        print(f'{it["segment_id"]} is not refreshed: put it with "refresh": "1h"')
    elif it["as_of"] is None:
        print(f"{it['segment_id']} is refreshed every {it['every']}, and was not looked at yet")
    else:
        print(f"{it['count']:,} people as of {it['as_of']}  ({price(it)})")
        print(f"{it['entered']:,} entered and {it['exited']:,} exited since the look before")
    if it["error"]:
        print(f"The last look failed at {it['failed_at']}: {it['error']}")
