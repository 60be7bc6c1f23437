"""`regulars dlq ...`: what was tried until nobody tried any more, and the ways out: back, or away."""

import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Final

import typer

from .client import Document
from .command import Session, api_command
from .errors import NEEDS_YES, CommandError
from .output import print_table, progress

group = typer.Typer(no_args_is_help=True, help="See dead letters, and why they lie there; send them back, or forget them.")

Queue = Annotated[str, typer.Argument(help="events, imports, curate or occurrences.", metavar="QUEUE", show_default=False)]
Ids = Annotated[list[str] | None, typer.Argument(help="Only these letters, by the ids that list shows.", metavar="[ID..]", show_default=False)]

_AT_ONCE: Final = 100
"""The most ids of one request (functions/admin/dead_letters.py)."""


@api_command(group, "list")
def list_(
    session: Session,
    queue: Annotated[str, typer.Argument(help="Only of this queue, with its letters.", metavar="[QUEUE]", show_default=False)] = "",
) -> None:
    """Count the dead letters of each queue, say why they lie there, and what to do; of one queue show the oldest hundred.

    Letters are told by ids; what people sent is not shown. With --json: {"queues": [{"queue", "about", "letters", "goes_back", "advice", "move",
    "causes"}]}, or {"queue", "total", "causes", "letters": [{"id", "cause", "subject", "ids", "detail", "sent_at", "lost_at", ..}]}.
    """
    if queue:
        session.show(session.api.get("dead-letters", queue), _print_letters)
        return
    queues = session.api.get("dead-letters")["queues"]
    looks = {each["queue"]: session.api.get("dead-letters", each["queue"])["causes"] for each in queues if each["letters"]}
    session.show({"queues": [{**each, "causes": looks.get(each["queue"], [])} for each in queues]}, _print_queues)


@api_command(group, "retry")
def retry(session: Session, queue: Queue, ids: Ids = None) -> None:
    """Send the letters of a queue back to where they came from: all of them, or those that are named.

    Mend first what `list` says. What had been done before is recognised and counted once. With --json: {"queue", "letters", "gone", "left", "move"}.
    """
    if not ids:
        session.show(session.api.post("dead-letters", queue, "retries", body={}), _print_retried)
        return
    session.show(_in_parts(session, queue, "retries", ids), _print_retried)


@api_command(group, "forget")
def forget(
    session: Session,
    queue: Queue,
    ids: Ids = None,
    all_: Annotated[bool, typer.Option("--all", help="Every letter that is there now.", show_default=False)] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.", show_default=False)] = False,
) -> None:
    """Forget letters of a queue for good: those that are named, or --all that are there now.

    Without a terminal it needs --yes (exit status 3). With --json: {"queue", "letters", "gone", "left"}.
    """
    if bool(ids) == all_:
        raise CommandError("name the letters, or say --all", code="usage", advice=f"`regulars dlq list {queue}` shows their ids.", exit_code=2)
    count = len(set(ids)) if ids else session.api.get("dead-letters", queue)["total"]
    _require_consent(queue, count, yes=yes, may_ask=not session.as_json and sys.stdin.isatty())
    forgotten = _in_parts(session, queue, "removals", ids) if ids else _all_forgotten(session, queue, count)
    session.show({name: each for name, each in forgotten.items() if name != "move"}, _print_forgotten)


def _require_consent(queue: str, count: int, *, yes: bool, may_ask: bool) -> None:
    """Raises CommandError unless somebody says yes."""
    if yes or not count:
        return
    told = f"{_letters(count)} of {queue}" + (": what is in them has not been loaded, and is lost" if queue in ("events", "imports") else "")
    if not may_ask:
        raise CommandError(f"{told}. Nothing was forgotten.", code="needs_yes", advice="--yes forgets them.", exit_code=NEEDS_YES)
    print(f"{told}.", file=sys.stderr)
    if not typer.confirm("Forget them?", err=True):
        raise CommandError("nothing was forgotten.", code="declined")


def _all_forgotten(session: Session, queue: str, count: int) -> Document:
    """As many as there were when it was asked for, look by look."""
    done: Document = {"queue": queue, "letters": 0, "gone": [], "left": 0}
    with progress("forgetting") as tell:
        while done["letters"] < count and (letters := session.api.get("dead-letters", queue)["letters"]):
            part = session.api.post("dead-letters", queue, "removals", body={"ids": [each["id"] for each in letters[: count - done["letters"]]]})
            done = {**part, "letters": done["letters"] + part["letters"], "gone": []}
            tell(f"{done['letters']:,}")
            if not part["letters"]:
                break
    return done


def _in_parts(session: Session, queue: str, way: str, ids: Sequence[str]) -> Document:
    """One request for each hundred. Whoever stops it finds those done that were, and the rest where they are."""
    named = list(dict.fromkeys(ids))
    parts = [session.api.post("dead-letters", queue, way, body={"ids": part}) for part in _hundreds(named)]
    return {**parts[-1], "letters": sum(part["letters"] for part in parts), "gone": [each for part in parts for each in part["gone"]]}


def _hundreds(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _letters(count: int) -> str:
    return "1 dead letter" if count == 1 else f"{count:,} dead letters"


def _print_queues(it: Document) -> None:
    print_table(["letters", "of", "what they are"], [[each["letters"], each["queue"], each["about"]] for each in it["queues"]], right=["letters"])
    for queue in it["queues"]:
        if queue["causes"]:
            print(f"{queue['queue']}:")
            _print_causes(queue["causes"])
        if (move := queue["move"]) and move["state"] != "done":
            print(f"{queue['queue']}: a retry of all is {move['state']}, {move['moved']:,} went so far. {move['reason']}".rstrip())


def _print_causes(causes: Sequence[Document]) -> None:
    for cause in causes:
        print(f"  {cause['letters']:,}: {cause['message']}. {cause['advice']}")
        for detail in cause["details"]:
            print(f"    {detail}")


def _print_letters(it: Document) -> None:
    columns = ("id", "sent_at", "cause", "subject", "detail")
    if it["letters"]:
        print_table(columns, [[each[name] for name in columns] for each in it["letters"]], free=["subject", "detail"])
    _print_causes(it["causes"])
    shown = len(it["letters"])
    print(f"{_letters(it['total'])} of {it['queue']}" + (f", of which {shown} are shown" if shown < it["total"] else ""))


def _print_retried(it: Document) -> None:
    if it["move"] and it["move"]["state"] == "running":
        print(f"All go back by themselves: {it['move']['moved']:,} so far, {it['left']:,} are left. `regulars dlq list` says how far it is.")
    else:
        print(f"{_letters(it['letters'])} went back, {it['left']:,} are left.{_gone(it)}")


def _print_forgotten(it: Document) -> None:
    print(f"{_letters(it['letters'])} forgotten, {it['left']:,} are left.{_gone(it)}")


def _gone(it: Document) -> str:
    return f" Not there, or in somebody's hands: {', '.join(it['gone'])}." if it["gone"] else ""
