"""Segments: a rule in JSON, checked, kept as a tree, and compiled to SQL that says who it selects as of a moment.

    parse_segment(document)  ->  Segment(rule)  ->  audience_sql(rule, as_of, segments)  ->  SELECT user_id ...

`docs/segments.md` teaches the language. Add a clause by adding a node to `rule`, a reader to `parse.HEADS`, and following mypy's
`assert_never`s.
"""

from regulars.domain.segments.compile import audience_sql
from regulars.domain.segments.parse import parse_rule, parse_segment
from regulars.domain.segments.references import inlined, reachable_segments, rule_references
from regulars.domain.segments.rule import AllOf, AnyOf, Bucket, EventClause, Everyone, Not, Reference, Rule, Segment, Trait, Users

__all__ = [
    "AllOf",
    "AnyOf",
    "Bucket",
    "EventClause",
    "Everyone",
    "Not",
    "Reference",
    "Rule",
    "Segment",
    "Trait",
    "Users",
    "audience_sql",
    "inlined",
    "parse_rule",
    "parse_segment",
    "reachable_segments",
    "rule_references",
]
