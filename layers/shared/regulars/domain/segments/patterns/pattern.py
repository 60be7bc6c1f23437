"""A regular expression that is found anywhere in a text."""

import re
from dataclasses import dataclass
from typing import Final

from regulars.domain.language import Value
from regulars.domain.segments.patterns.read import MAX_PATTERN, MAX_REPEAT, Reader
from regulars.domain.segments.patterns.tree import size
from regulars.domain.segments.patterns.tries import check_tries
from regulars.domain.segments.patterns.write import PYTHON_END, SQL_END, written

MAX_SIZE: Final = MAX_REPEAT
"""Characters with all bounded repeats written out, which RE2 does."""


@dataclass(frozen=True)
class Pattern:
    """As somebody wrote it, and as SQL and Python are to read it."""

    shown: str
    sql: str
    python: str

    def found_in(self, text: str) -> bool:
        return re.search(self.python, text) is not None


def read_pattern(value: Value) -> Pattern:
    """Raises the value's error for what is not in the subset, with the place of the character."""
    reader = Reader(value)
    tree = reader.whole()
    if size(tree) > MAX_SIZE:
        value.refuse(f"with its repeats written out it has {size(tree)} characters; at most {MAX_SIZE}")
    check_tries(tree, reader.refuse)
    return Pattern(str(value.raw), written(tree, SQL_END), written(tree, PYTHON_END))


__all__ = ["MAX_PATTERN", "Pattern", "read_pattern"]
