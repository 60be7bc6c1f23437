"""A rule as one SELECT for Athena: `values` and `comparisons` judge one value, `windows` bound time, `scans` read `events`, `carriers` find
who can be in the answer at all, `statement` puts them together."""

from regulars.domain.segments.compile.statement import audience_sql

__all__ = ["audience_sql"]
