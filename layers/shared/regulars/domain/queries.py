"""What Athena says of a query, in our words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from regulars.domain.prices import athena_usd

_OVER_LIMIT: Final = "Bytes scanned limit was exceeded"
"""What Athena says of a query that a per-query limit ended:
https://docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html"""

QueryState = Literal["queued", "running", "succeeded", "failed", "cancelled"]

ResultRow = Mapping[str, str | None]
"""One row of a SELECT's result: column name to text, None for NULL."""


@dataclass(frozen=True)
class ResultTable:
    """Rows of a result, as texts and None for NULL in the order of the columns; `next` is the page after them, empty at the end."""

    columns: Sequence[tuple[str, str]]
    """Name and type, as Athena calls it."""
    rows: Sequence[Sequence[str | None]]
    next: str


def query_usd(state: QueryState, bytes_scanned: int) -> float:
    """An estimate. A failed query costs nothing, a cancelled one what it had scanned (https://aws.amazon.com/athena/pricing/)."""
    return athena_usd(bytes_scanned) if state in ("succeeded", "cancelled") else 0.0


def explained(reason: str, bytes_scanned: int) -> str:
    """Athena's reason, with what to do where the work group's limit ended the query. How much it would have read in all, Athena does not say."""
    if _OVER_LIMIT not in reason:
        return reason
    told = f"it wanted more than the {bytes_scanned / 1e6:,.0f} MB that a query may read (the stack's parameter BytesPerQuery), and was stopped there"
    return f"{told}. Give its clauses about events a shorter period, or ask for names of events in place of properties, traits and places"


@dataclass(frozen=True)
class Query:
    """One query execution, as it stands. `reason` is Athena's (`explained`), where it did not succeed."""

    query_id: str
    state: QueryState
    reason: str = ""
    bytes_scanned: int = 0
    result: str = ""
    """SELECT only: the s3 URL of the CSV with its rows."""
    text: str = field(default="", repr=False)
    """The statement as it was sent."""
    manifest: str = ""
    """UNLOAD only: the s3 URL of the CSV that lists what was written."""

    @property
    def is_over(self) -> bool:
        return self.state in ("succeeded", "failed", "cancelled")

    @property
    def cost_usd(self) -> float:
        return query_usd(self.state, self.bytes_scanned)
