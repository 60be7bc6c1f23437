"""`regulars quarantine ...`: which events were refused, why, and the way back."""

import json
import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from .client import Document
from .command import Session, api_command
from .errors import CommandError
from .logs import moment_of
from .output import plain, price, print_table, progress
from .repair import repair_of
from .replay import apply_replay, previewed, print_preview, print_replayed, require_consent

group = typer.Typer(no_args_is_help=True, help="See which events were refused, and why; repair them and send them again.")

Reason = Annotated[str, typer.Option("--reason", metavar="REASON", help="Only those refused for this reason.")]
Source = Annotated[str, typer.Option("--source", metavar="NAME", help="Only those of this source.")]
Event = Annotated[str, typer.Option("--event", metavar="NAME", help="Only those of this name; of a call that is no track, its type.")]
Since = Annotated[str, typer.Option("--since", metavar="SPAN|TIME", help="Only those received from then on: 10m, 2h, 7d, or a TIME.")]
Until = Annotated[str, typer.Option("--until", metavar="SPAN|TIME", help="Only those received before: 10m, 2h, 7d ago, or a TIME.")]


@api_command(group, "list")
def list_(session: Session, reason: Reason = "", source: Source = "", event: Event = "", since: Since = "", until: Until = "") -> None:
    """Count refused events by reason, source and name.

    What was replayed has left the list; whatever waits is kept for 90 days. With --json: {"groups": [{"reason", "source", "event", "count", "first",
    "last", "example", "meaning"}], "replayed", ..}.
    """
    found = _searched(session, "groups", _selection(reason, source, event, since, until))
    shown = {name: found[name] for name in ("groups", "replayed", "more", "kept_days", "bytes_scanned", "cost_usd")}
    session.show(shown, _print_groups)


@api_command(group, "show")
def show(
    session: Session,
    ids: Annotated[list[str] | None, typer.Argument(help="The events' ids, as list prints an example.", metavar="[ID..]", show_default=False)] = None,
    reason: Reason = "",
    source: Source = "",
    event: Event = "",
    since: Since = "",
    until: Until = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, metavar="N", help="How many at most, the newest first.")] = 10,
) -> None:
    """Show refused events whole: why they were refused, when they came and from where, and what was done with them."""
    selection = _selection(reason, source, event, since, until, tuple(ids or ()))
    found = _searched(session, "events", {**selection, "limit": max(limit, len(ids or ()))})
    events = list(_events(session, found["ticket"]))
    if missing := sorted(set(ids or ()) - {each["id"] for each in events}):
        raise CommandError(f"there is no refused event {missing[0]}", code="not_found", advice="`regulars quarantine list` shows which there are.")
    session.show({"events": events}, _print_events)


@api_command(group, "replay")
def replay(
    session: Session,
    ids: Annotated[list[str] | None, typer.Argument(help="Only these events.", metavar="[ID..]", show_default=False)] = None,
    reason: Reason = "",
    source: Source = "",
    event: Event = "",
    since: Since = "",
    until: Until = "",
    rename: Annotated[list[str] | None, typer.Option("--rename", metavar="PATH=PATH", help="What is at the first is at the second.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Say so, whatever was said. @PATH: as there.")] = None,
    default: Annotated[list[str] | None, typer.Option("--default", metavar="PATH=VALUE", help="Say so where nothing is said.")] = None,
    cast: Annotated[list[str] | None, typer.Option("--cast", metavar="PATH=TYPE", help="As text, number, boolean, moment or object.")] = None,
    repair: Annotated[str, typer.Option("--repair", metavar="FILE", help="The steps as JSON, in their order, in place of these options.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would become of them, and do nothing.", show_default=False)] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.", show_default=False)] = False,
) -> None:
    """Repair refused events and send them again.

    All of them are tried first, and what would become of them is shown. A replayed event keeps its message id and its times, and leaves the list;
    once more changes nothing. The options' steps are made in this order: rename, set, default, cast. Without a terminal it needs --yes (exit
    status 3).
    """
    steps = repair_of(repair, rename=rename or [], set_=set_ or [], default=default or [], cast=cast or [])
    found = _searched(session, "replay", _selection(reason, source, event, since, until, tuple(ids or ())))
    preview = previewed(session, found["ticket"], steps)
    if dry_run or not preview["good"]:
        session.show({**preview, "replayed": 0}, print_preview)
        return
    require_consent(preview, yes=yes, may_ask=not session.as_json and sys.stdin.isatty())
    session.show(apply_replay(session, found["ticket"], steps), print_replayed)


def _selection(reason: str, source: str, event: str, since: str, until: str, ids: tuple[str, ...] = ()) -> Document:
    said = {"reason": reason, "source": source, "event": event, "ids": ids}
    times = {name: moment_of(text, option=f"--{name}").isoformat() for name, text in (("since", since), ("until", until)) if text}
    return {**{name: value for name, value in said.items() if value}, **times}


def _searched(session: Session, kind: str, selection: Document) -> Document:
    """The search as it ended. Raises CommandError if it did not succeed."""
    begun = session.api.post("quarantine-searches", body={"kind": kind, **selection})
    return session.answer("looking through the quarantine", "quarantine-searches", begun)


def _events(session: Session, ticket: str) -> Iterator[Document]:
    with progress("events") as tell:
        page, seen = "", 0
        while True:
            answer = session.api.get("quarantine-searches", ticket, "events", page=page)
            yield from answer["events"]
            seen += len(answer["events"])
            tell(f"{seen:,}")
            if not (page := answer["next"]):
                return


def _print_groups(it: Document) -> None:
    columns = ("count", "reason", "source", "event", "first", "last", "example")
    groups = it["groups"]
    if groups:
        print_table(columns, [[group.get(name) for name in columns] for group in groups], right=["count"], free=["event"])
        for reason, meaning in {group["reason"]: group["meaning"] for group in groups}.items():
            print(f"  {reason}: {meaning}")
    total = sum(group["count"] for group in groups)
    more = " in the largest groups" if it["more"] else ""
    print(f"{total:,} events wait{more}, each for {it['kept_days']} days from its arrival; {it['replayed']:,} were replayed.", end="  ")
    print(f"({price(it)})")


def _print_events(it: Document) -> None:
    for event in it["events"]:
        _print_event(event)


def _print_event(it: Document) -> None:
    print(f"{it['id']}  {it['event_name'] or ''}\n  received {it['at']} from source {it['source'] or '(unknown)'}")
    print(f"  refused: {it['reason']}: {it['message']}\n  ({it['meaning']})")
    if replayed := it.get("replay"):
        done = "replayed" if replayed["done"] else "a replay was begun"
        print(f"  {done} {replayed['at']} by {replayed['by']}, with {json.dumps(replayed['repair'], ensure_ascii=False)}")
    if it.get("event") is not None:
        print(json.dumps(it["event"], ensure_ascii=False, indent=2))
    else:
        print(plain(it.get("event_text") or it.get("raw") or "") or f"{it.get('characters') or 0:,} characters, too many to be shown")
    print()
