"""`regulars journey report` and `why`: what a journey changed, and where somebody is in it."""

from collections.abc import Iterator, Mapping
from contextlib import nullcontext

from .client import Document
from .command import Session
from .files import whole_file
from .output import plain, print_table
from .report import print_report

_WHERE = {"inside": "", "left": "", "held_out": "held out, ", "never": "never came in: "}
_MARKS = {True: "✓", False: "✗", None: "?"}


def report(session: Session, journey: str, *, since: str, version: int | None, html: str) -> None:
    """Starts the report and waits for it; with `html` its page is written there, too. Raises CommandError."""
    asked = {name: value for name, value in {"since": since or None, "version": version}.items() if value is not None}
    with whole_file(html) if html else nullcontext() as file:
        begun = session.api.post("journeys", journey, "reports", body=asked)
        done = session.answer(f"report on {journey}", "journey-reports", begun)
        if file:
            file.write(session.api.get("journey-reports", done["ticket"], "page")["html"])
    session.show({**done["report"], **({"html": html} if html else {})}, _print_report)


def why(session: Session, journey: str, user: str) -> None:
    """Raises CommandError."""
    begun = session.api.post("journeys", journey, "why", body={"user_id": user})
    done = session.answer(f"{user} in {journey}", "journey-whys", begun)
    session.show(done["why"], _print_why)


def _print_report(found: Document) -> None:
    print_report({**found["effect"], **({"html": found["html"]} if "html" in found else {})})
    rows = [[step["step"], step["came"], step["waiting"], _counted(step["left"]), step["sent"], _counted(_not_sent(step))] for step in found["steps"]]
    print_table(["step", "came", "waiting", "left", "sent", "not sent"], rows, right=["came", "waiting", "sent"], free=["left", "not sent"])
    print(plain(f"of who came in since {found['since']}, by version {found['version']}"))


def _not_sent(step: Document) -> Mapping[str, int]:
    return {**step["failed"], **step["skipped"], **({"unknown": step["unknown"]} if step["unknown"] else {})}


def _counted(reasons: Mapping[str, int]) -> str:
    return ", ".join(f"{people} {reason}".strip() for reason, people in sorted(reasons.items()))


def _print_why(found: Document) -> None:
    print(plain(f"{found['user_id']} in {found['journey']}: {_WHERE[found['where']]}{found['because']}"))
    for line in _now(found):
        print(plain(line))
    if found["clauses"]:
        rows = [[_MARKS[clause["verdict"]], clause["path"], clause["sentence"]] for clause in found["clauses"]]
        print_table(["", "clause", "says"], rows, free=["says"])
    if found["trail"]:
        columns = ["at", "event", *(["key"] if any(entry["key"] for entry in found["trail"]) else []), "step", "because"]
        print_table(columns, [[entry[column] for column in columns] for entry in found["trail"]], free=["because"])


def _now(found: Document) -> Iterator[str]:
    for run in found["runs"]:
        if run["waits_for"]:
            late = run["goes_on_at"] != run["until"]
            goes_on = f"; goes on at {run['goes_on_at']}, because what happened in time may still be on its way" if late else ""
            yield f"{_of(run)}at {run['step']} it waits for {run['waits_for']}, until {run['until']}{goes_on}"
    for each in found["later"]:
        until = f"is put off until {each['until']}" if each["until"] else "waits for the journey to be resumed"
        yield f"{_of(each)}the {each['does'] or 'errand'} of {each['step']} {until}"


def _of(run: Document) -> str:
    """Which run, where there is one for each key."""
    return f"{run['key']}: " if run["key"] else ""
