"""`regulars source ...`: who may send events, and with which key."""

from typing import Annotated

import typer

from .client import Document
from .command import Session, api_command
from .output import print_table

group = typer.Typer(no_args_is_help=True, help="Say who may send events. Each app, site or server is a source, with a write key of its own.")

Name = Annotated[str, typer.Argument(help="The source's name: what it sends is known by it.", metavar="NAME")]
WriteKey = Annotated[str, typer.Option("--write-key", metavar="KEY", help="A key that apps carry already. Default: a new one.")]


@api_command(group, "create")
def create(session: Session, name: Name, write_key: WriteKey = "") -> None:
    """Make a source and print its write key, which is shown only now: Regulars keeps no more than its SHA-256.

    A NAME has 1 to 40 of a-z, 0-9, _ and -, and begins with a letter or a digit. It stands on every row of what the source sends.
    """
    session.show(session.api.post("sources", body={"name": name, "write_key": write_key}), _print_key)


@api_command(group, "list")
def list_(session: Session) -> None:
    """List the sources, with the beginning of the SHA-256 of each valid key (`printf %s KEY | sha256sum`) and when it ends."""
    session.show(session.api.get("sources"), _print_sources)


@api_command(group, "rotate")
def rotate(
    session: Session,
    name: Name,
    overlap: Annotated[str, typer.Option("--overlap", metavar="SPAN", help="How long the old key goes on: 12h, 7d, 4w, or 0.")] = "7d",
    write_key: WriteKey = "",
) -> None:
    """Give a source a new write key and print it. The old one goes on for --overlap, so that apps have time to change.

    With --overlap 0 it ends at once, that is, within ten seconds. At most five keys of a source are valid at the same time. A revoked source may send
    again, with the new key.
    """
    session.show(session.api.post("sources", name, "rotate", body={"overlap": overlap, "write_key": write_key}), _print_key)


@api_command(group, "revoke")
def revoke(session: Session, name: Name) -> None:
    """End all write keys of a source, within ten seconds. What it sent before stays; clients are answered 401 and give up what they send."""
    session.show(session.api.post("sources", name, "revoke", body={}), lambda it: print(f"source {it['name']}: revoked"))


@api_command(group, "secret")
def secret(session: Session, name: Name) -> None:
    """Make the secret that a source signs what it sends to POST /v1/content with, and print it. The one before goes on for a day."""
    session.show(session.api.post("sources", name, "secret", body={}), _print_secret)


def _print_secret(it: Document) -> None:
    before = f"  the one before ends at {_minute(it['before_ends_at'])} UTC\n" if it.get("before_ends_at") else ""
    print(f"source {it['name']}: this secret is shown only now\n{before}\n    {it['secret']}\n")


def _print_key(it: Document) -> None:
    others = f"  its other keys end by {_minute(it['others_end_at'])} UTC\n" if it.get("others_end_at") else ""
    print(f"source {it['name']}: this key is shown only now\n{others}\n    {it['write_key']}\n")


def _print_sources(it: Document) -> None:
    rows = [[each["name"], each["state"], _minute(each["created_at"]), ", ".join(map(_key, each["keys"]))] for each in it["sources"]]
    print_table(["name", "state", "created", "keys"], rows, free=["keys"])


def _key(key: Document) -> str:
    return f"{key['fingerprint']} until {_minute(key['ends_at'])}" if key.get("ends_at") else str(key["fingerprint"])


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")
