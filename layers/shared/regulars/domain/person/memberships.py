"""Whether a person is in a segment: its own statement, asked of them alone. One statement a segment, so that none can fail another (decision 31)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from regulars.domain.lake.sql import printed
from regulars.domain.segments import Segment, audience_sql

MOST_SEGMENTS: Final = 10
"""Segments that are asked at once. Each is a query, and an account has a quota of those that run or wait, of which curate and campaigns need theirs:
https://docs.aws.amazon.com/athena/latest/ug/service-limits.html."""

Standing = Literal["in", "out", "unknown", "not_asked"]
"""`unknown`: it was asked, and could not be answered."""


@dataclass(frozen=True)
class Membership:
    """How somebody stands to a segment as of the view's moment; `reason` where that is neither in nor out."""

    segment: str
    name: str
    standing: Standing
    reason: str | None = None


def membership_sql(user_id: str, segment_id: str, as_of: datetime, segments: Mapping[str, Segment]) -> str:
    """One row if they are in, none if not. `segments` are the segment and all that it reaches. Raises InvalidRuleError."""
    return printed(audience_sql(segments[segment_id].rule, as_of, segments, within=segment_id, only=user_id))
