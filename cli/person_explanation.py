"""`regulars segment explain --user`: why somebody is in a segment or not, in the rule's own shape, a mark a clause, and below it what decided."""

from collections.abc import Sequence

from .client import Document
from .command import Session
from .output import price

MARKS = {True: "✓", False: "✗", None: "?"}
"""Of a verdict: true, false, unknown."""

_GROUPS = {"all": "all of these", "any": "at least one of these", "not": "not this"}


_SHOWN = ("user_id", "member", "clauses", "became", "bytes_scanned", "cost_usd", "as_of")


def explain(session: Session, segment: str, begun: Document) -> None:
    """Waits for what has begun, and shows it."""
    user = begun["user_id"]
    done = session.answer(f"{user} in {segment}", "person-explanations", begun)
    session.show({name: done.get(name) for name in _SHOWN}, lambda it: _print(segment, it))


def _print(segment: str, it: Document) -> None:
    print(f"{it['user_id']} is {'' if it['member'] else 'not '}in {segment} as of {it['as_of']}")
    if it.get("became"):
        print(f"They had become {it['became']} by then: all that was theirs counts for that person")
    for place, clause in enumerate(it["clauses"]):
        _print_clause(clause, _follows(it["clauses"], place))
    print(price(it))


def _print_clause(clause: Document, inside: str) -> None:
    """`inside` is the word that leads from the clause's path to that of the first one in it."""
    indent = "  " * clause["path"].count(".")
    said = _GROUPS.get(inside, clause["sentence"])
    print(f"{indent}{MARKS[clause['verdict']]} {said}{':' if inside else ''}")
    for evidence in clause["because"]:
        print(f"{indent}    {evidence['text']}")


def _follows(clauses: Sequence[Document], place: int) -> str:
    path = clauses[place]["path"]
    after = clauses[place + 1]["path"] if place + 1 < len(clauses) else ""
    return after.removeprefix(f"{path}.").split("[")[0].split(".")[0] if after.startswith(f"{path}.") else ""
