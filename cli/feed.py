"""`regulars feed ...`: feeds of content, which are polled."""

from typing import Annotated

import typer

from .client import Document
from .command import Session, api_command
from .output import print_json, print_table

group = typer.Typer(no_args_is_help=True, help="Have RSS, Atom and JSON feeds polled: each new item is told once, as Content Published.")

Feed = Annotated[str, typer.Argument(help="The feed's id.", metavar="ID")]


@api_command(group, "add")
def add(
    session: Session,
    feed: Feed,
    url: Annotated[str, typer.Argument(help="Where it is: an http or https address that everybody can reach.", metavar="URL")],
    every: Annotated[str, typer.Option("--every", metavar="SPAN", help="How often it is read: from 5m to 1d.")] = "15m",
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="Added to the tags of each item. May be repeated.")] = None,
) -> None:
    """Have a feed polled, or change how. What is in it when it is read first is learned, and not told.

    An ID has 1 to 48 letters, digits, _, . and -.
    """
    session.show(session.api.put("feeds", feed, body={"url": url, "every": every, "tags": tag or []}), _print_added)


@api_command(group, "list")
def list_(session: Session) -> None:
    """List the feeds: when each was read last, what was told of it, and why it cannot be read."""
    session.show(session.api.get("feeds"), _print_feeds)


@api_command(group, "show")
def show(session: Session, feed: Feed) -> None:
    """Show a feed and how its polling stands, as JSON."""
    session.show(session.api.get("feeds", feed), print_json)


@api_command(group, "poll")
def poll(session: Session, feed: Feed) -> None:
    """Have a feed read now; `regulars feed show` says a few seconds later what came of it."""
    session.show(session.api.post("feeds", feed, "poll", body={}), lambda it: print(f"feed {it['id']}: is being read"))


@api_command(group, "remove")
def remove(session: Session, feed: Feed) -> None:
    """Have a feed polled no more. What was told of stays known: put again, it tells nothing twice."""
    session.show(session.api.post("feeds", feed, "remove", body={}), lambda it: print(f"feed {it['id']}: removed"))


def _print_added(it: Document) -> None:
    print(f"feed {it['id']}: read every {it['every_s'] // 60} minutes" + ("" if it["learned_at"] else ", the first time only to learn what is in it"))


def _print_feeds(it: Document) -> None:
    columns = ("id", "url", "read", "published", "error")
    rows = [[each["id"], each["url"], _minute(each["polled_at"]), each["published"], each["error"]] for each in it["feeds"]]
    print_table(columns, rows, right=["published"], free=["url", "error"])


def _minute(moment: str | None) -> str:
    return moment[:16].replace("T", " ") if moment else "not yet"
