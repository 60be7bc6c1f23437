"""`regulars profile ...`: what is known of a person."""

import sys
from typing import Annotated

import typer

from .client import Document
from .command import Session, api_command
from .errors import ApiError, CommandError
from .output import print_table

group = typer.Typer(no_args_is_help=True, help="Find a person, and see all that is known of them.")
PATIENCE = 120.0
"""Seconds for one small query of Athena."""

User = Annotated[str, typer.Argument(help="The person's user id.", metavar="USER")]
Other = Annotated[str, typer.Option("--id", help="The other id: an anonymous id, or a user id that was aliased.", metavar="ID")]
Kind = Annotated[str, typer.Option("--kind", help="What that id is: anonymous or user.", metavar="KIND")]
Email = Annotated[str, typer.Option("--email", metavar="ADDRESS", help="Whose e-mail address this is.", show_default=False)]
Phone = Annotated[str, typer.Option("--phone", metavar="NUMBER", help="Whose telephone number this is.", show_default=False)]
Country = Annotated[
    str,
    typer.Option(
        "--country", metavar="CODE", help="Of which country a number without + is (ISO 3166). Default: the installation's.", show_default=False
    ),
]
Events = Annotated[int, typer.Option("--events", metavar="N", help="How many of the newest events to show.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before it is done.")]


@api_command(group, "get")
def get(session: Session, user: User, events: Events = 20) -> None:
    """Show all that is known of a person: traits, devices, other ids and how they came to be theirs, what they did and were sent.

    With --json also: {"counters", "events", "messages", "bytes_scanned", "cost_usd"}.
    """
    known = _identities(session, user)
    profile = _profile(session, user, known)
    session.show({**profile, **known, **_view(session, user, events)}, _print_profile)


@api_command(group, "find")
def find(session: Session, email: Email = "", phone: Phone = "", country: Country = "") -> None:
    """Find the people who have an e-mail address or a telephone number, whom we saw last first, and say what that cost.

    With --json: {"people": [{"user_id", "first_seen", "last_seen", "became"}], "more", "bytes_scanned", "cost_usd"}.
    """
    if bool(email) == bool(phone):
        raise CommandError("say --email or --phone", code="usage", exit_code=2)
    body = {"kind": "email" if email else "phone", "address": email or phone, "country": country or None}
    found = session.follow("people", "profile-searches", session.api.post("profile-searches", body=body), patience=PATIENCE)
    if found["state"] != "succeeded":
        raise CommandError(f"the search {found['state']}: {found.get('reason') or 'no reason given'}", code="query_failed")
    session.show({name: found.get(name) for name in ("people", "more", "bytes_scanned", "cost_usd")}, _print_people)


@api_command(group, "separate")
def separate(session: Session, user: User, identity: Other, kind: Kind = "anonymous", yes: Yes = False) -> None:
    """Undo a merge: from now on an id is not this person's, whatever claims it for them again. Segments as of a moment before still count it."""
    found = [each for each in _identities(session, user)["identities"] if (each["kind"], each["id"]) == (kind, identity)]
    if not any(each["claimed_by"] == user and each["until"] is None for each in found):
        raise CommandError(f"{user} has no {kind} id {identity}: `regulars profile get {user}` lists those that they claimed themselves")
    _decide(session, "separated", user, identity, kind, yes=yes)


@api_command(group, "join")
def join(session: Session, user: User, identity: Other, kind: Kind = "anonymous", yes: Yes = False) -> None:
    """Take a separation back: the id is as it would be if it had never been separated."""
    _decide(session, "joined", user, identity, kind, yes=yes)


def _identities(session: Session, user: str) -> Document:
    """`identities`, `conflicts` and, where they are another person now, `became`."""
    found = session.follow("identities", "identities", session.api.post("identities", body={"user_id": user}), patience=PATIENCE)
    if found["state"] != "succeeded":
        raise CommandError(f"the identities of {user} cannot be read: {found.get('reason')}")
    return {name: found.get(name) for name in ("became", "identities", "conflicts")}


def _view(session: Session, user: str, events: int) -> Document:
    """`counters`, `events` and `messages` of the lake, and what they cost."""
    started = session.api.post("profile-views", body={"user_id": user, "events": events})
    found = session.follow("view", "profile-views", started, patience=PATIENCE)
    if found["state"] != "succeeded":
        raise CommandError(f"what {user} did cannot be read: {found.get('reason') or 'no reason given'}", code="query_failed")
    return {name: found.get(name) for name in ("counters", "events", "messages", "bytes_scanned", "cost_usd")}


def _profile(session: Session, user: str, known: Document) -> Document:
    """Traits and devices; none for somebody of whom only ids are known."""
    # As a query: an HTTP API decodes a path before our code sees it, so that an id with "/" or "?" would be lost.
    try:
        return session.api.get("profiles", user_id=user)
    except ApiError as error:
        if error.status != 404 or not any(known.values()):
            raise
        return {"user_id": user, "traits": {}, "devices": {}}


def _decide(session: Session, decision: str, user: str, identity: str, kind: str, *, yes: bool) -> None:
    asked = f"From now on {kind} id {identity} is {'not ' if decision == 'separated' else 'again '}{user}'s, with all that it did. Go on?"
    if not yes and not session.as_json and sys.stdin.isatty():
        typer.confirm(asked, abort=True)
    body = {"user_id": user, "kind": kind, "id": identity, "decision": decision}
    session.show(session.api.post("identities", "decisions", body=body), lambda it: print(f"{it['id']} is {it['decision']} as of {it['at']}"))


def _print_people(it: Document) -> None:
    columns = ("user_id", "first_seen", "last_seen", "became")
    print_table(columns, [[each.get(name) for name in columns] for each in it["people"]])
    _print_price(it)


def _print_price(it: Document) -> None:
    print(f"{it['bytes_scanned'] / 1e6:,.2f} MB scanned, ${it['cost_usd']:.6f}")


def _print_profile(it: Document) -> None:
    print(it["user_id"])
    traits, devices = it.get("traits") or {}, it.get("devices") or {}
    print_table(["trait", "value", "since"], [[name, trait["value"], trait["at"]] for name, trait in traits.items()], free=["value"])
    if devices:
        print_table(
            ["device", "platform", "app", "token", "at"],
            [
                [name, each.get("platform"), each.get("app_version"), _shortened(each.get("token") or each.get("fid")), each["at"]]
                for name, each in devices.items()
            ],
        )
    if consents := it.get("consents"):
        print_table(["consent", "agreed", "since"], [[name, "yes" if each["agreed"] else "no", each["at"]] for name, each in consents.items()])
    if it.get("became"):
        print(f"is {it['became']} now: all that is theirs counts for that person")
    _print_claims("also known as", it.get("identities") or [], "since")
    _print_claims("claimed, and moved nothing", it.get("conflicts") or [], "claimed_at")
    _print_view(it)


def _print_view(it: Document) -> None:
    _print_rows("did", it["counters"], ("name", "count", "days", "first", "last", "revenue"))
    _print_rows("event", it["events"], ("name", "at", "source"))
    _print_rows("message of run", it["messages"], ("run_id", "campaign_id", "arm", "outcome", "reason", "at"))
    _print_price(it)


def _print_rows(title: str, rows: list[Document], columns: tuple[str, ...]) -> None:
    if rows:
        print_table([title, *columns[1:]], [[each.get(name) for name in columns] for each in rows])


def _print_claims(title: str, claims: list[Document], when: str) -> None:
    if claims:
        columns = [title, "kind", "by", "message", "claimed by", when, "until", "owner"]
        shown = ("id", "kind", "by", "message_id", "claimed_by", when, "until", "owner")
        print_table(columns, [[each.get(name) for name in shown] for each in claims])


def _shortened(token: str | None) -> str:
    return f"{token[:12]}..." if token and len(token) > 15 else token or ""
