"""What Athena says of a query, in our words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

QueryState = Literal["queued", "running", "succeeded", "failed", "cancelled"]

ResultRow = Mapping[str, str | None]
"""One row of a SELECT's result: column name to text, None for NULL."""


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
