"""What Athena says of a query, in our words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from regulars.domain.prices import athena_usd

QueryState = Literal["queued", "running", "succeeded", "failed", "cancelled"]

ResultRow = Mapping[str, str | None]
"""One row of a SELECT's result: column name to text, None for NULL."""


def query_usd(state: QueryState, bytes_scanned: int) -> float:
    """An estimate. A failed query costs nothing, a cancelled one what it had scanned (https://aws.amazon.com/athena/pricing/)."""
    return athena_usd(bytes_scanned) if state in ("succeeded", "cancelled") else 0.0


@dataclass(frozen=True)
class Query:
    """One query execution, as it stands. `reason` is Athena's, where it did not succeed."""

    query_id: str
    state: QueryState
    reason: str = ""
    bytes_scanned: int = 0
    result: str = ""
    """SELECT only: the s3 URL of the CSV with its rows."""
    manifest: str = ""
    """UNLOAD only: the s3 URL of the CSV that lists what was written."""

    @property
    def is_over(self) -> bool:
        return self.state in ("succeeded", "failed", "cancelled")

    @property
    def cost_usd(self) -> float:
        return query_usd(self.state, self.bytes_scanned)
