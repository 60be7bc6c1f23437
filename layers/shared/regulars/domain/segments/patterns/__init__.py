"""Regular expressions that Trino, DuckDB and Python read alike: a part of RE2's syntax (https://github.com/google/re2/wiki/Syntax), read strictly.

    read_pattern(value)  ->  Pattern(shown, sql, python)

`tree` says what there is, `read` reads it, `tries` refuses what an engine that backtracks could try for ever, and `write` writes it so that nothing
in it means another thing elsewhere.
"""

from regulars.domain.segments.patterns.pattern import MAX_PATTERN, Pattern, read_pattern

__all__ = ["MAX_PATTERN", "Pattern", "read_pattern"]
