"""`regulars topic ...`: who hears an FCM topic."""

from typing import Annotated

import typer

from .client import Document
from .command import Session, api_command
from .errors import CommandError
from .output import print_table

group = typer.Typer(no_args_is_help=True, help="Have a person's devices hear an FCM topic, which apps and other programs send to.")

Topic = Annotated[str, typer.Argument(help="The topic's name.", metavar="TOPIC")]
User = Annotated[str, typer.Option("--user", help="Whose devices.", metavar="U")]


@api_command(group, "subscribe")
def subscribe(session: Session, topic: Topic, user: User) -> None:
    """Have each device that is the person's now hear the topic. One that does already stays so."""
    _told(session, session.api.post("topics", topic, "subscribe", body={"user_id": user}))


@api_command(group, "unsubscribe")
def unsubscribe(session: Session, topic: Topic, user: User) -> None:
    """Have none of their devices hear the topic any more."""
    _told(session, session.api.post("topics", topic, "unsubscribe", body={"user_id": user}))


def _told(session: Session, changed: Document) -> None:
    session.show(changed, _print)
    refused = [device for device in changed["devices"] if device["code"]]
    if refused:
        raise CommandError(f"{len(refused)} of {len(changed['devices'])} devices: {refused[0]['code']}", code="topic_refused")


def _print(changed: Document) -> None:
    done = "hears it" if changed["subscribed"] else "hears it no more"
    print_table(("device", changed["topic"]), [[device["device_id"], device["code"] or done] for device in changed["devices"]])
