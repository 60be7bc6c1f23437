"""`regulars costs`: what the last days cost."""

from typing import Annotated, Final

import typer

from .client import Document
from .command import Session
from .output import print_table, progress

_PURPOSES: Final = {"data": "new data", "audiences": "audiences", "questions": "questions", "upkeep": "upkeep"}


def costs(session: Session, days: Annotated[int, typer.Option("--days", min=1, max=30, metavar="N", help="So many, with today.")] = 7) -> None:
    """Say what Athena cost on each of the last days (UTC), and what is not counted.

    Each statement's bytes at its price: an estimate, and no bill. With --json: {"days": [{"day", "statements", "bytes_scanned", "cost_usd",
    "by_purpose"}], "since", "complete", "counted", "not_counted", "prices_as_of", "region"}.
    """
    with progress("asking Athena"):
        found = session.api.get("costs", days=str(days))
    session.show(found, _print)


def _print(it: Document) -> None:
    rows = [
        [each["day"], each["statements"], *map(_usd, (*(each["by_purpose"][name] for name in _PURPOSES), each["cost_usd"]))] for each in it["days"]
    ]
    print_table(["day", "statements", *_PURPOSES.values(), "cost"], rows, right=["statements", *_PURPOSES.values(), "cost"])
    if not it["complete"]:
        print(f"There were too many statements to ask after all of them: nothing from before {it['since'][:16].replace('T', ' ')} UTC is in it.")
    print(
        f"Of {', '.join(it['counted'])} alone, at the prices of {it['prices_as_of']} in {it['region']}. Not counted: {', '.join(it['not_counted'])}."
    )


def _usd(amount: float) -> str:
    return f"${amount:.6f}" if 0 < amount < 1 else f"${amount:,.2f}"
