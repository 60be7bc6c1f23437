"""A rule as one SELECT for Athena: `values`, `clocks` and `comparisons` judge one value, `time_ranges` bound time, `sources` say what is to be read
and `scans` read it, `carriers` find who can be in the answer at all, `conditions` is the rule over all that, `statement` puts them together."""

from regulars.domain.segments.compile.statement import audience_sql

__all__ = ["audience_sql"]
