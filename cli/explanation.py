"""`regulars segment explain` and `preview`: what a rule means, and how it comes to its people, clause by clause."""

from .client import Document
from .command import Session
from .output import price, print_table


def explain(session: Session, title: str, begun: Document) -> None:
    """Waits for the figures of what has begun, and shows them beside its words."""
    done = session.answer(title, "explanations", begun)
    session.show(_explained(begun, done), _print)


def _explained(begun: Document, done: Document) -> Document:
    figures = {counted["path"]: counted for counted in done["clauses"]}
    clauses = [{**clause, **figures[clause["path"]]} for clause in begun["clauses"]]
    known = {name: begun[name] for name in ("sentence", "sql", "as_of")}
    return {**known, "count": done["count"], "clauses": clauses, "bytes_scanned": done["bytes_scanned"], "cost_usd": done["cost_usd"]}


def _print(it: Document) -> None:
    print(f"Whoever {it['sentence']}:")
    print(f"{it['count']:,} people as of {it['as_of']}  ({price(it)})\n")
    rows = [[clause["path"], clause["sentence"], f"{clause['alone']:,}", _left(clause)] for clause in it["clauses"]]
    print_table(("clause", "who", "alone", "then"), rows, right=["alone", "then"], free=["who"])


def _left(clause: Document) -> str:
    """What is left after a clause of `all`; what a clause of `any` brings it to."""
    return f"{'+ ' if clause['adds'] else ''}{clause['leaves']:,}"
