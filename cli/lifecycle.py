"""`regulars segment init` and `lifecycle`: ready-made segments by the customer life cycle, and who is in them."""

import sys
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from .client import Document
from .command import Session
from .errors import NEEDS_YES, CommandError
from .output import plain, price, print_table

PURPOSES = ("acquisition", "retention", "extension", "selection")

_TOLD = {
    "new": "new",
    "unchanged": "is there already",
    "renamed": "written here for other names: a new version",
    "yours": "is there and says something else: kept",
}


def _name(what: str) -> Any:
    return typer.Option(metavar="NAME", help=f"{what} Default: found among the events that were sent.", show_default=False)


Purchase = Annotated[str, _name("The event of a purchase.")]
Revenue = Annotated[str, _name("The property of a purchase that says what it came to.")]
Cart = Annotated[str, _name("The event of something put into a cart.")]
View = Annotated[str, _name("The event of a product looked at.")]
Visit = Annotated[str, _name("The event of a visit.")]
Comment = Annotated[str, _name("The event of a comment or a review.")]
Like = Annotated[str, _name("The event of a like.")]
SignUp = Annotated[str, _name("The event of a new account.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be saved, and save nothing.", show_default=False)]


def suggested(session: Session, names: Mapping[str, str]) -> Document:
    """What the API makes of the shop's events and the names that were given."""
    return session.api.post("ready-made-segments", body={role: name for role, name in names.items() if name})


def init(session: Session, found: Document, *, yes: bool, dry_run: bool) -> None:
    """Saves what is new, or was written here for other names, once somebody agreed. Raises CommandError."""
    wanted = [each for each in found["segments"] if each["standing"] in ("new", "renamed")]
    if wanted and not dry_run and not yes:
        _ask(session, found, len(wanted))
    saved = [] if dry_run else [session.api.put("segments", each["id"], body=each["document"]) for each in wanted]
    answer = {**found, "saved": [each["id"] for each in saved]}
    session.show(answer, lambda it: _print(it, asked=bool(wanted) and not dry_run and not yes, dry_run=dry_run))


def _ask(session: Session, found: Document, many: int) -> None:
    if session.as_json or not sys.stdin.isatty():
        raise CommandError(
            f"{many} segments would be saved. Nothing was saved.",
            code="needs_yes",
            advice="--yes saves them; --dry-run shows them.",
            exit_code=NEEDS_YES,
        )
    print_suggestions(found)
    if not typer.confirm(f"Save {many} segments?", err=True):
        raise CommandError("nothing was saved.", code="declined", advice="Names are set by options: `regulars segment init --help`.")


def print_suggestions(found: Document) -> None:
    rows = [[each["role"].replace("_", "-"), each["name"] or "-", _unsent(each)] for each in found["names"]]
    print_table(("what", "is taken to be", ""), rows)
    columns = ("segment", "for", "who", "")
    print_table(columns, [[each["id"], each["purpose"], each["meaning"], _TOLD[each["standing"]]] for each in found["segments"]], free=["who", ""])
    for each in found["segments"]:
        for change in each["changes"]:
            print(plain(f"  {each['id']}: {change}"))
    for each in found["left_out"]:
        needs = ", ".join(f"--{role.replace('_', '-')}" for role in each["missing"])
        print(f"left out: {each['id']}, for want of {needs}")


def _unsent(taken: Document) -> str:
    return "nobody sent it yet" if taken["name"] and not taken["sent"] else ""


def _print(it: Document, *, asked: bool, dry_run: bool) -> None:
    if not asked:
        print_suggestions(it)
    if dry_run:
        print("Nothing was saved.")
    elif it["saved"]:
        print(f"{len(it['saved'])} segments saved: `regulars segment list` shows them.")
    else:
        print("There is nothing to save.")


def view(session: Session, body: Document) -> None:
    """Waits for the figures of everybody and of each ready-made segment that is saved, and shows them."""
    begun = session.api.post("lifecycle-views", body=body)
    done = session.answer("life cycle", "lifecycle-views", begun)
    shown = {name: done[name] for name in ("everybody", "groups", "bytes_scanned", "cost_usd", "as_of")}
    session.show(shown, _print_view)


def _print_view(it: Document) -> None:
    columns = ("for", "segment", "people", "share", "reachable", "revenue", "average order")
    rows = [[each["purpose"] if first else "", each["id"], *_figures(each["worth"])] for first, each in _by_purpose(it["groups"])]
    print_table(columns, [*rows, ["", "everybody known", *_figures(it["everybody"])]], right=columns[2:])
    print("Stages part everybody: " + ", ".join(each["id"] for each in it["groups"] if each["stage"]) + ". The others lie across them.")
    print("Revenue is of 365 days, reachable by push.")
    print(f"As of {it['as_of']}  ({price(it)})")


def _by_purpose(groups: list[Document]) -> Iterator[tuple[bool, Document]]:
    """In the order of a customer's life, each with whether it is the first of its purpose."""
    in_order = sorted(groups, key=lambda each: PURPOSES.index(each["purpose"]))
    for before, each in zip([None, *in_order], in_order, strict=False):
        yield before is None or before["purpose"] != each["purpose"], each


def _figures(worth: Document) -> list[Any]:
    return [worth["people"], f"{worth['share']:.1%}", worth["reachable"], worth["revenue"], worth["average_order"]]
