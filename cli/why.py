"""`regulars campaign why`: gate by gate."""

from .client import Document
from .command import Session
from .output import print_table

_DEVICE = ("device_id", "outcome", "reason", "at")
_MARKS = {True: "✓", False: "✗", None: "?"}


def explain(session: Session, run: str, user: str) -> None:
    """Raises CommandError."""
    begun = session.api.post("runs", run, "why", body={"user_id": user})
    done = session.answer(f"{user} in run {run}", "whys", begun)
    session.show(done["why"], _print)


def _print(found: Document) -> None:
    print(f"{found['user_id']} in run {found['run_id']}: {found['outcome']}" + (f", {found['reason']}" if found["reason"] else ""))
    print_table(["", "gate", "because"], [[_MARKS[each["passed"]], each["gate"], each["because"]] for each in found["gates"]], free=["because"])
    if len(found["devices"]) > 1:
        print_table(
            ["device", "outcome", "reason", "at"], [[each[name] for name in ("device_id", "outcome", "reason", "at")] for each in found["devices"]]
        )
