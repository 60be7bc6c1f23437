"""Words of the language that are refused by name, so that nobody takes them for a spelling mistake."""

from collections.abc import Mapping
from types import MappingProxyType

RULES = ("sequence", "message", "reachable", "consent", "near", "score")
MEASURES = ("first", "last")
OPERATORS = ("matches", "anniversary", "version_gte", "version_lt")
PARTS = ("timezone", "then_not")

NOT_BUILT: Mapping[str, str] = MappingProxyType(dict.fromkeys((*RULES, *MEASURES, *OPERATORS, *PARTS), "is not built yet"))
"""What is said of each."""
