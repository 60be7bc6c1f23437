"""What a launch would do, and whether it may: a preflight, shown; and asked about where somebody is there to be asked."""

import sys
from collections.abc import Iterator

from .client import Document
from .command import Session
from .errors import NEEDS_YES, CommandError
from .output import print_table


def preflight(session: Session, campaign: str, body: Document) -> Document:
    """Raises CommandError where there is none."""
    begun = session.api.post("campaigns", campaign, "preflight", body=body)
    found: Document = session.answer(f"preflight of {campaign}", "preflights", begun)["preflight"]
    return found


def agree(session: Session, campaign: str, body: Document) -> None:
    """On a terminal, somebody says yes to what a launch would do. Without one it goes on, unless the preflight has objections. Raises CommandError
    where it is not to be launched."""
    found = preflight(session, campaign, body)
    if on_a_terminal():
        print("\n".join(_question(found)), file=sys.stderr)
        print("Launch it? [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise CommandError("nothing was launched", code="not_agreed")
    elif found["objections"]:
        reasons = "\n".join(f"- {each}" for each in found["objections"])
        raise CommandError(
            f"{campaign} was not launched:\n{reasons}",
            code="needs_yes",
            advice=f"`regulars campaign preflight {campaign}` says more; --yes launches it all the same.",
            exit_code=NEEDS_YES,
        )


def on_a_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def print_preflight(found: Document) -> None:
    """Who, how long and how much; why the others get nothing; what is wrong; what some people would see."""
    print(f"campaign {found['campaign_id']}, version {found['version']}, as of {found['as_of']}")
    print(_sentence(found))
    if found["reasons"]:
        print_table(["would get nothing", "people"], list(found["reasons"].items()), right=["people"])
    if found["problems"]:
        rows = [[each["severity"], each["path"], each["message"], each["people"], _some(each)] for each in found["problems"]]
        print_table(["severity", "where", "what", "people", "for example"], rows, right=["people"], free=["what", "for example"])
    for line in _shown(found.get("detectable")):
        print(line)
    for example in found["examples"]:
        print(f"{example['variant']} to {example['user_id']}: {_texts(example['push'])}")
    for objection in found["objections"]:
        print(f"! {objection}")


def _question(found: Document) -> Iterator[str]:
    yield f"{found['campaign_id']}, version {found['version']}, now, to whoever was in its audience at {found['as_of']}:"
    yield _sentence(found)
    yield from (f"  {people:,} people get nothing: {reason}" for reason, people in found["reasons"].items())
    yield from (f"  {each['severity']}: {each['people']:,} people: {each['path']}: {each['message']}" for each in found["problems"])
    yield from _shown(found.get("detectable"))
    yield from (f"  for example {each['user_id']} sees {_texts(each['push'])}" for each in found["examples"][:1])
    yield from (f"! {each}" for each in found["objections"])


def _shown(detectable: Document | None) -> Iterator[str]:
    """Which effect the control group would find."""
    if detectable and detectable["conversion"] is not None:
        relative = f" ({100 * detectable['relative']:.0f} % more than without)" if detectable["relative"] is not None else ""
        yield f"The control group would show an effect of {100 * detectable['conversion']:.2f} points{relative} or more, four times in five."


def _sentence(found: Document) -> str:
    people = f"{found['messages']:,} messages to {found['eligible']:,} of {found['audience']:,} people, {found['control']:,} held back"
    if found.get("held_out"):
        people += f", {found['held_out']:,} more held out of all campaigns"
    return f"{people}; {_duration(found['duration_s'])} of sending, ${found['cost_usd']:.2f}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"


def _some(problem: Document) -> str:
    return ", ".join(f"{each['user_id']}: {_texts(each['push'])}" if each["push"] else each["user_id"] for each in problem["examples"])


def _texts(push: Document) -> str:
    return " · ".join(str(text) for text in push.values()) or "(no text)"
