"""What is answered to who asks the lake in SQL of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from regulars.domain.queries import QueryState

LONGEST_VALUE = 500
"""Characters of a value in a page of rows: longer ones are cut there, and end with an ellipsis. An export has them whole."""

PAGE_ROWS = 200
"""With values of that length, and 50 columns, a page stays below the 6 MB of an answer of Lambda."""


@dataclass(frozen=True)
class QueryLook:
    """How a query stands. `reason` is Athena's where it did not succeed, with the line and column of what was written. `cost_usd` is an estimate."""

    ticket: str
    state: QueryState
    reason: str = ""
    bytes_scanned: int = 0
    cost_usd: float = 0.0


@dataclass(frozen=True)
class QueryColumn:
    name: str
    type: str
    meaning: str = ""


@dataclass(frozen=True)
class QueryRows:
    """A page of the rows of a query; `next` is the page after it, empty at the end. `cut`: how many values are longer than what is shown of them."""

    columns: Sequence[QueryColumn]
    rows: Sequence[Sequence[str | None]]
    next: str
    cut: int = 0


@dataclass(frozen=True)
class QueryExport:
    """A part of the result as CSV (every value in quotes, NULL as nothing, what a spreadsheet would run with an apostrophe before it); the parts in
    their order are the whole. `next` is the part after it."""

    text: str
    next: str


@dataclass(frozen=True)
class LakeTable:
    name: str
    kind: Literal["table", "view"]
    meaning: str
    columns: Sequence[QueryColumn]


@dataclass(frozen=True)
class LakeShown:
    """What there is to ask: docs/lake.md says more."""

    tables: Sequence[LakeTable]
