"""`regulars campaign power`: how many people and days an effect needs, and what the control group can show."""

import re

import typer

from .client import Document
from .command import Session
from .output import price, print_table

_NUMBER = re.compile(r"\s*([0-9]+(?:[.][0-9]*)?)\s*(?:%|points?)?\s*")


def percent(text: str, option: str) -> Document:
    """`10%`, `10` or `0.5 points` as the body's number; nothing where nothing is said. Raises typer.BadParameter."""
    if not text:
        return {}
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise typer.BadParameter(f"{text!r} is no such number: 10% or 2.5", param_hint=f"--{option}")
    return {option: float(found[1])}


def power(session: Session, campaign: str, body: Document) -> None:
    """Raises CommandError."""
    begun = session.api.post("campaigns", campaign, "power", body=body)
    done = session.answer(f"power of {campaign}", "powers", begun)
    session.show({**done["power"], **{name: done[name] for name in ("sentence", "notes", "bytes_scanned", "cost_usd")}}, _print)


def _print(it: Document) -> None:
    print(f"campaign {it['campaign_id']}, version {it['version']}, as of {it['as_of']}  ({price(it)})")
    print(it["sentence"])
    columns = ("within days", "did it", "seen from", "relative", "people needed")
    rows = [
        [f"{point['days']:g}", *map(_share, (point["rate"], point["detectable"], point["relative"])), point["people_needed"]] for point in it["curve"]
    ]
    if rows:
        print_table(columns, rows, right=columns)
    for note in it["notes"]:
        print(f"- {note}")


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.2f} %"
