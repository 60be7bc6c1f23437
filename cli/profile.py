"""`regulars profile ...`: what is known of a person."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer

from .client import Document
from .command import Session, api_command
from .errors import NEEDS_YES, ApiError, CommandError
from .logs import moment_of
from .output import plain
from .profile_page import print_people, print_profile

group = typer.Typer(no_args_is_help=True, help="Find a person, and see all that is known of them.")
PATIENCE = 120.0
"""Seconds for one small query of Athena."""
SECTIONS = ("counters", "events", "messages", "segments")
PRICE = ("bytes_scanned", "cost_usd")
KNOWN_BY = ("became", "identities", "conflicts", "counters", "messages", "missing")
"""If any of these is there, there is somebody, or nobody can say that there is not."""

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
Events = Annotated[int, typer.Option("--events", metavar="N", min=1, max=1000, help="How many of the newest events to show, at most 1000.")]
Since = Annotated[
    str,
    typer.Option(
        "--since",
        metavar="SPAN|TIME",
        help="Only count and show what they did and were sent from then on: 10m, 2h, 7d, or a TIME. Default: ever.",
        show_default=False,
    ),
]
Segments = Annotated[
    list[str] | None,
    typer.Option("--segment", metavar="ID", help="Look into this segment; may be repeated. Default: the first ten by their ids.", show_default=False),
]
Consents = Annotated[bool, typer.Option("--consents", help="Also every yes and no that they said: when, to what, and where it came from.")]
Purpose = Annotated[str, typer.Option("--purpose", metavar="P", help="To what, as in marketing. Default: to everything.", show_default=False)]
Channel = Annotated[str, typer.Option("--channel", metavar="C", help="By which channel, as in push or email. Default: any.", show_default=False)]
Agreed = Annotated[bool | None, typer.Option("--yes/--no", help="Whether they agreed.", show_default=False)]
Told = Annotated[str, typer.Option("--source", metavar="TEXT", help="Where they said so, as in 'by telephone, 21 November'.", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before it is done.")]


@api_command(group, "get")
def get(session: Session, user: User, events: Events = 20, since: Since = "", segments: Segments = None, consents: Consents = False) -> None:
    """Show all that is known of a person: traits, devices, other ids and how they came to be theirs, what they did and were sent, their segments.

    Of somebody who became another person, that person is shown. What cannot be read says why, the rest is shown, and the exit status is 1.

    With --json also: {"asked_for", "became", "renaming", "former_traits", "identities", "conflicts", "counters", "events", "messages",
    "segments": [{"segment", "name", "standing": "in|out|unknown|not_asked", "reason"}], "consent_history": [{"at", "purpose", "agreed", "trait",
    "by", "message_id", "source", "told"}], "missing": {name: why}, "bytes_scanned", "cost_usd"}.
    """
    wanted = {"events": events, "segments": segments or []} | ({"since": _past(since)} if since else {}) | ({"consents": True} if consents else {})
    known = _known(session, user)
    who = known.get("became") or user
    sections = (*SECTIONS, "consent_history") if consents else SECTIONS
    found = _together(known, _read(lambda: _view(session, who, wanted, sections), sections))
    former = _traits(session, user) if who != user else {}
    shown = {"asked_for": user, **_profile(session, who, found), "former_traits": former, **found}
    session.show(shown, print_profile)
    _fail_if_incomplete(shown)


@api_command(group, "consent")
def consent(session: Session, user: User, purpose: Purpose = "", channel: Channel = "", agreed: Agreed = None, source: Told = "") -> None:
    """Record what somebody agreed to (--yes) or refused (--no): it is an event like any other, and counts within seconds.

    What an app itself told otherwise, and no such event can take back, is named, and the exit status is 1.
    """
    if agreed is None or not source:
        raise CommandError("say --yes or --no, and --source where they said so", code="usage", exit_code=2)
    body = {"user_id": user, "purpose": purpose, "channel": channel, "agreed": agreed, "source": source}
    done = session.api.post("consents", body=body)
    session.show(done, _print_consent)
    if done["against"]:
        advice = "Have whoever tells them take them back."
        raise CommandError(f"these traits still say no: {', '.join(done['against'])}.", code="still_refused", advice=advice)


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
    session.show({name: found.get(name) for name in ("people", "more", "bytes_scanned", "cost_usd")}, print_people)


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


def _print_consent(it: Document) -> None:
    said, to = "yes" if it["agreed"] else "no", it["purpose"] or "everything"
    print(plain(f"{it['user_id']}: {said} to {to}, by the event {it['message_id']}"))


def _known(session: Session, user: str) -> Document:
    """Their ids; of somebody who became another, that person's, with who that is and by which claim."""
    asked = _read(lambda: _identities(session, user), ("identities", "conflicts"))
    who = asked.get("became")
    if not who:
        return asked
    theirs = _read(lambda: _identities(session, who), ("identities", "conflicts"))
    return _together(asked, {**theirs, "became": who, "renaming": asked["renaming"]})


def _identities(session: Session, user: str) -> Document:
    """`identities`, `conflicts` and, where they are another person now, `became` and by which claim (`renaming`)."""
    found = session.follow("identities", "identities", session.api.post("identities", body={"user_id": user}), patience=PATIENCE)
    if found["state"] != "succeeded":
        raise CommandError(f"the identities of {user} cannot be read: {found.get('reason')}", code="query_failed")
    return {name: found.get(name) for name in ("became", "renaming", "identities", "conflicts", *PRICE)}


def _view(session: Session, user: str, wanted: Document, sections: tuple[str, ...]) -> Document:
    """What the lake has of them, and what that cost; after a while as far as it is there."""
    started = session.api.post("profile-views", body={"user_id": user, **wanted})
    try:
        found = session.follow("view", "profile-views", started, patience=PATIENCE)
    except CommandError as error:
        if error.code != "timeout":
            raise
        found = session.api.get("profile-views", started["ticket"], now="true")
    return {name: found.get(name) for name in (*sections, "missing", *PRICE)}


def _read(ask: Callable[[], Document], names: tuple[str, ...]) -> Document:
    """What was answered; or, where that failed, that all of `names` is missing and why. A refusal is the caller's to mend, and is raised."""
    try:
        return ask()
    except CommandError as error:
        if isinstance(error, ApiError) and error.status < 500 and not error.transient:
            raise
        return {**dict.fromkeys(names), "missing": dict.fromkeys(names, str(error))}


def _together(one: Document, other: Document) -> Document:
    """Both, with what is missing of either and the price of both."""
    price = {name: (one.get(name) or 0) + (other.get(name) or 0) for name in PRICE}
    return {**one, **other, "missing": {**(one.get("missing") or {}), **(other.get("missing") or {})}, **price}


def _past(since: str) -> str:
    """Raises CommandError for what is no moment, or none that was."""
    moment = moment_of(since)
    if moment >= datetime.now(UTC):
        raise CommandError(f"--since {since} is not past", code="usage", advice="As in 10m, 2h, 7d or 2026-11-21T08:30.", exit_code=2)
    return moment.isoformat()


def _profile(session: Session, user: str, found: Document) -> Document:
    """Traits and devices; none for somebody of whom only ids or events are known."""
    # As a query: an HTTP API decodes a path before our code sees it, so that an id with "/" or "?" would be lost.
    try:
        return session.api.get("profiles", user_id=user)
    except ApiError as error:
        if error.status != 404 or not any(found.get(name) for name in KNOWN_BY):
            raise
        return {"user_id": user, "traits": {}, "devices": {}}


def _traits(session: Session, user: str) -> Document:
    """What a person who is another now was told as: no message reads it."""
    try:
        return dict(session.api.get("profiles", user_id=user)["traits"])
    except ApiError as error:
        if error.status != 404:
            raise
        return {}


def _fail_if_incomplete(shown: Document) -> None:
    """A command that has not done what it says ends with another status than 0, whatever it could show."""
    unknown = [f"segment {each['segment']}: {each['reason']}" for each in shown.get("segments") or [] if each["standing"] == "unknown"]
    reasons = [f"{name}: {why}" for name, why in shown["missing"].items()] + unknown
    if reasons:
        advice = "All else is shown. `regulars segment sql ID` shows what is asked of a segment."
        raise CommandError("; ".join(reasons), code="incomplete", advice=advice)


def _decide(session: Session, decision: str, user: str, identity: str, kind: str, *, yes: bool) -> None:
    asked = f"From now on {kind} id {identity} is {'not ' if decision == 'separated' else 'again '}{user}'s, with all that it did. Go on?"
    if not yes:
        if session.as_json or not sys.stdin.isatty():
            raise CommandError("nothing was decided.", code="needs_yes", advice=f"--yes decides it: {asked}", exit_code=NEEDS_YES)
        typer.confirm(asked, abort=True)
    body = {"user_id": user, "kind": kind, "id": identity, "decision": decision}
    session.show(session.api.post("identities", "decisions", body=body), lambda it: print(f"{it['id']} is {it['decision']} as of {it['at']}"))
