"""A replay, page by page: tried on all events first, then made."""

import difflib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import typer

from .client import Document
from .command import Session
from .errors import NEEDS_YES, CommandError
from .output import progress

_EXAMPLES = 3


def previewed(session: Session, ticket: str, repair: Document) -> Document:
    """What would become of the events of a search."""
    return _told(session, ticket, repair, apply=False)


def apply_replay(session: Session, ticket: str, repair: Document) -> Document:
    """Sends them. Raises CommandError where it is stopped: what was sent by then has left the list."""
    try:
        done = _told(session, ticket, repair, apply=True)
    except KeyboardInterrupt:
        raise CommandError("stopped.", code="interrupted", advice="The same command goes on with what is left.", exit_code=130) from None
    return {**done, "replayed": done["good"]}


def require_consent(preview: Document, *, yes: bool, may_ask: bool) -> None:
    """Raises CommandError unless somebody says yes."""
    if yes:
        return
    if not may_ask:
        raise CommandError(
            f"{_summary(preview)} Nothing was sent.", code="needs_yes", advice="--yes sends them; --dry-run shows examples.", exit_code=NEEDS_YES
        )
    print_preview(preview)
    if not typer.confirm(f"Send {preview['good']:,} events?", err=True):
        raise CommandError("nothing was sent.", code="declined")


def print_preview(it: Document) -> None:
    print(_summary(it))
    for example in it["examples"]:
        print(f"\n{example['id']}" + (f" stays: {example['reason']}: {example['message']}" if example["reason"] else ""))
        if not example["reason"]:
            print("\n".join(_difference(example["before"], example["after"])))


def print_replayed(it: Document) -> None:
    stays = sum(it["refused"].values())
    print(f"replay {it['replay']}: {it['replayed']:,} events were sent again" + (f", {stays:,} stay" if stays else "") + ".")
    print("They can be queried after `regulars flush`.")


def _told(session: Session, ticket: str, repair: Document, *, apply: bool) -> Document:
    sums: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    examples: list[Document] = []
    replay = ""
    with progress("sending again" if apply else "trying") as tell:
        for page in _pages(session, ticket, repair, apply=apply):
            sums.update({name: page[name] for name in ("events", "good", "resumed", "already")})
            refused.update(page["refused"])
            examples += page["examples"]
            replay = page["replay"]
            tell(f"{sums['events']:,}")
    return {
        "replay": replay,
        **{name: sums[name] for name in ("events", "good", "resumed", "already")},
        "refused": dict(refused.most_common()),
        "examples": _few(examples),
    }


def _pages(session: Session, ticket: str, repair: Document, *, apply: bool) -> Iterator[Document]:
    page = ""
    while True:
        answer = session.api.post("quarantine-searches", ticket, "replays", body={"repair": repair, "page": page, "apply": apply})
        yield answer
        if not (page := answer["next"]):
            return


def _few(examples: list[Document]) -> list[Document]:
    """The first that are good, and one of each reason that stays."""
    good = [each for each in examples if not each["reason"]][:_EXAMPLES]
    return good + list({each["reason"]: each for each in reversed(examples) if each["reason"]}.values())


def _summary(it: Document) -> str:
    if not it["events"]:
        return "Nothing waits that was selected: what was replayed has left the list (`regulars quarantine list` counts it)."
    text = f"{it['events']:,} events: {it['good']:,} would be good now"
    if it["resumed"]:
        text += f" ({it['resumed']:,} of them with the repair of a replay that was cut short)"
    if it["already"]:
        text += f", {it['already']:,} were replayed already"
    if stays := it["refused"]:
        text += f", {sum(stays.values()):,} stay: " + ", ".join(f"{count:,} {reason}" for reason, count in stays.items())
    return text + "."


def _difference(before: Any, after: Any) -> list[str]:
    was, becomes = (json.dumps(each, ensure_ascii=False, indent=2, sort_keys=True).split("\n") for each in (before, after))
    return [line for line in difflib.unified_diff(was, becomes, n=1, lineterm="") if not line.startswith(("---", "+++", "@@"))]
