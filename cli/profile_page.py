"""How a person is printed, and the people who were found."""

import json
from collections.abc import Collection

from .client import Document
from .output import plain, price, print_table


def print_people(it: Document) -> None:
    columns = ("user_id", "first_seen", "last_seen", "became")
    print_table(columns, [[each.get(name) for name in columns] for each in it["people"]])
    _print_price(it)


def print_profile(it: Document) -> None:
    _print_name(it)
    _print_traits("trait", it["traits"])
    _print_traits(f"trait told as {it['asked_for']}, which no message reads", it["former_traits"])
    if devices := it.get("devices"):
        _print_devices(devices)
    if consents := it.get("consents"):
        rows = [[each["purpose"], each["agreed"], each["at"], _trait(it["traits"], name)] for name, each in consents.items()]
        print_table(["agreed to", "yes or no", "since", "by the trait"], rows)
    if purposes := it.get("purposes"):
        _print_purposes(purposes)
    if history := it.get("consent_history"):
        columns = ("at", "purpose", "agreed", "trait", "by", "source", "told", "message_id")
        rows = [[each[name] for name in columns] for each in history]
        print_table(["said", "to", "yes or no", "by the trait", "call", "source", "told", "message"], rows)
    _print_claims("also known as", it.get("identities") or [], "since")
    _print_claims("claimed, and moved nothing", it.get("conflicts") or [], "claimed_at")
    _print_rows("did", it["counters"], ("name", "count", "days", "first", "last", "revenue"), right=("count", "days", "revenue"))
    _print_rows("event", it["events"], ("name", "at", "source"))
    _print_rows("message of run", it["messages"], ("run_id", "campaign_id", "arm", "outcome", "reason", "at"))
    _print_segments(it["segments"] or [])
    for name, why in it["missing"].items():
        print(plain(f"{name}: not read: {why}"))
    _print_price(it)


def _print_name(it: Document) -> None:
    """Whom this is about, and why it is not whom was asked for."""
    if claim := it.get("renaming"):
        then = "" if claim["claimed_by"] == it["user_id"] else f" (as {claim['claimed_by']} at first)"
        by = f"{claim['by']} {claim['message_id']}"
        print(plain(f"{it['asked_for']} is now {it['user_id']}{then} since {claim['since']}, by {by}. What follows is theirs."))
    else:
        print(plain(it["user_id"]))


def _print_traits(title: str, traits: Document) -> None:
    if traits:
        print_table([title, "value", "since"], [[name, _written(trait["value"]), trait["at"]] for name, trait in traits.items()], free=["value"])


def _trait(traits: Document, name: str) -> str:
    """With its value, where it is no part of an object."""
    return f"{name}: {_written(traits[name]['value'])}" if name in traits else name


def _written(value: object) -> str:
    """As JSON has it, so that false, null and an empty text can be told apart; a text that is not empty without its quotes."""
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _print_devices(devices: Document) -> None:
    rows = [
        [
            name,
            each.get("platform"),
            each.get("app_version"),
            _shortened(each.get("token") or each.get("fid")),
            {True: "on", False: "off"}.get(each.get("push_enabled"), ""),
            each["at"],
        ]
        for name, each in devices.items()
    ]
    print_table(["device", "platform", "app", "token", "notifications", "at"], rows)


def _print_purposes(purposes: Document) -> None:
    said = {True: "yes", False: "no", None: ""}
    rows = [[name, each["asks"], said[each["agreed"]], "yes" if each["reached"] else "no"] for name, each in purposes.items()]
    print_table(["purpose", "asks", "they said", "may be sent"], rows)


def _print_segments(segments: list[Document]) -> None:
    asked = [each for each in segments if each["standing"] != "not_asked"]
    _print_rows("segment", asked, ("segment", "name", "standing", "reason"))
    left = [each["segment"] for each in segments if each["standing"] == "not_asked"]
    if left:
        print(f"segments that were not asked (--segment ID does): {', '.join(left)}")


def _print_rows(title: str, rows: list[Document] | None, columns: tuple[str, ...], *, right: Collection[str] = ()) -> None:
    if rows:
        print_table([title, *columns[1:]], [[each.get(name) for name in columns] for each in rows], right=right)


def _print_claims(title: str, claims: list[Document], when: str) -> None:
    if claims:
        columns = [title, "kind", "by", "message", "claimed by", when, "until", "owner"]
        shown = ("id", "kind", "by", "message_id", "claimed_by", when, "until", "owner")
        print_table(columns, [[each.get(name) for name in shown] for each in claims])


def _print_price(it: Document) -> None:
    print(f"{price(it)} (each query is charged for 10 MB at least)")


def _shortened(token: str | None) -> str:
    return f"{token[:12]}..." if token and len(token) > 15 else token or ""
