"""What the terminal says of journeys and their tests."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .output import plain, problem_lines

Document = Mapping[str, Any]

_FATES = ("message", "set", "webhook", "start", "exit", "note")


def problems(name: str, found: Sequence[Document]) -> Iterator[str]:
    return (f"{name}: {line}" for line in problem_lines(found))


def warn(name: str, found: Sequence[Document]) -> None:
    for line in problems(name, found):
        print(f"warning: {line}", file=sys.stderr)


def verdicts(result: Document, *, with_trail: bool) -> Iterator[str]:
    """Each person in a line; of who was told something else, all that they were told beside what they were meant to be, and where they went."""
    for person in result["people"]:
        because = f": {person['because']}" if person["because"] else ""
        yield plain(f"{'ok  ' if person['passed'] else 'FAIL'}  {person['id']}{because}")
        if not person["passed"]:
            yield from (f"      {line}" for line in _difference(person))
        elif with_trail:
            yield from (f"      {line}" for line in _texts(person))
        if with_trail or not person["passed"]:
            yield from (plain(f"        {line}") for line in person["trail"])
    passed = sum(person["passed"] for person in result["people"])
    yield f"{passed} of {len(result['people'])} people were told what was expected"


_STANDINGS = {
    "live": "runs: version {version} takes people in",
    "paused": "is paused: people go on, and nothing is sent",
    "stopped": "is stopped: nobody comes in, and everybody leaves",
}


def changed(told: Document) -> str:
    """What a launch, a pause, a resumption or a stop came to."""
    said = _STANDINGS[told["standing"]].format_map(told)
    return plain(f"journey {told['id']} {'already ' if told['unchanged'] else ''}{said}")


def launching(saved: Document, standing: Document) -> str:
    """What a launch would do."""
    inside, migrate = f" {standing['waiting']:,} {standing['counts']} are inside;", saved.get("migrate")
    become = f"{inside} those of versions {migrate['from']} come over." if migrate else f"{inside} they go on by their own version."
    return plain(f"journey {saved['id']}, version {saved['version']}: takes people in from now on.{become if standing['waiting'] else ''}")


_BECOMES = {"stay": "go on by the version that they came in by", "move": "come over, to {to}", "leave": "leave: the step is gone"}


def foreseen(it: Document) -> Iterator[str]:
    """What a launch would do."""
    now = f", in the place of version {it['launched_version']}" if it["launched_version"] else ""
    yield plain(f"journey {it['id']}, version {it['version']}{now}")
    yield from problems("wrong", it["errors"])
    yield from problems("odd", it["warnings"])
    if it["seen"] is not None:
        yield f"the event that it begins with came {it['seen']:,} times since {it['seen_since']}"
    if it.get("members") is not None:
        still = f"{it['members']:,} people are in the segment that it begins with, as of {it['members_as_of']}"
        yield f"{still}: they do not come in; whoever comes into the segment from now on does"
    for step in it["inside"]:
        by = ", ".join(map(str, step["versions"]))
        yield plain(f"{step['waiting']:,} {it['counts']} that wait at {step['step']} (version {by}) {_BECOMES[step['becomes']].format_map(step)}")


def status(it: Document) -> Iterator[str]:
    """How a journey stands, and a line for each step in which people wait."""
    version = f", version {it['version']}" if it["version"] else ""
    yield plain(f"journey {it['id']}{version}: {it['standing']}" + (f" since {it['changed_at']}, by {it['changed_by']}" if it["changed_at"] else ""))
    if it["saved_version"] != it["version"]:
        yield f"version {it['saved_version']} is saved and was not launched"
    until = "their time, or for it to be resumed" if it["standing"] == "paused" else "their time"
    several = " (one for each key: somebody may have several)" if it["counts"] == "runs" else ""
    yield f"{it['waiting']:,} {it['counts']} are inside{several}; {it['put_off']:,} messages and calls wait for {until}"
    for step in it["steps"]:
        if step["waiting"] is not None:
            due = f", the next goes on at {step['next_due']}" if step["next_due"] else ""
            yield plain(f"  {step['step']:<24} {step['kind']:<10} {step['waiting']:>10,}{due}")


def _difference(person: Document) -> Iterator[str]:
    """In the order of time: `-` did not come, `+` was not expected."""
    unexpected = [_key(each) for each in person["unexpected"]]
    marked = [("-", each) for each in person["missing"]]
    for each in person["happened"]:
        mark = "+" if _key(each) in unexpected else " "
        if mark == "+":
            unexpected.remove(_key(each))
        marked.append((mark, each))
    for mark, each in sorted(marked, key=lambda found: str(found[1]["at"])):
        fate = next(fate for fate in _FATES if fate in each)
        yield plain(f"{mark} {each['after']:<12} {each['at']}  {each['journey']}  {fate} {each[fate]}{_says(each)}")


def _texts(person: Document) -> Iterator[str]:
    """What they read."""
    return (plain(f"{each['after']:<12} {each['at']}  message {each['message']}{_says(each)}") for each in person["happened"] if "message" in each)


def _says(each: Document) -> str:
    """What a message shows, or why it would be sent to nobody."""
    if "fails" in each:
        return f": {each['fails']}" + (f" ({each['because']})" if each.get("because") else "")
    shown = [f'"{each[name]}"' for name in ("title", "body") if name in each]
    return ": " + " ".join(shown) if shown else ""


def _key(each: Document) -> str:
    return repr(sorted(each.items()))
