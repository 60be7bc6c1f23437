"""Plans a night's upkeep of the lake: what Athena is to be asked, table by table. The state machine asks.

It takes no lease. Queries read the files of their snapshot, which stay for days; an INSERT and an OPTIMIZE do not touch the same files; and of
a MERGE and an OPTIMIZE of the same table the second to commit fails and is asked again (docs/decisions/0018-upkeep.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from regulars.domain.lake.tables import TABLES, Table
from regulars.domain.lake.upkeep import Fragmented, fitting, fragmented_sql, optimize_sql, vacuum_sql
from regulars.ports import QueryEngine


@dataclass(frozen=True)
class Planned:
    """Statements, in order. `left` is how many more OPTIMIZE there would be, had the plan room for them: the next night finds them again."""

    optimize: tuple[str, ...]
    vacuum: tuple[str, ...]
    left: int


def upkeep(*, queries: QueryEngine) -> Planned:
    """Raises QueryFailedError."""
    tables = [table for table in TABLES if table.iceberg]
    wanted = [sql for table in tables for sql in optimize_sql(table, list(_fragmented(table, queries)))]
    fit = fitting(wanted)
    return Planned(tuple(fit), tuple(map(vacuum_sql, tables)), len(wanted) - len(fit))


def _fragmented(table: Table, queries: QueryEngine) -> Iterator[Fragmented]:
    if table.partitioned_by:
        for row in queries.all_rows(fragmented_sql(table)):
            values = {part.column: row[part.column] for part in table.partitioned_by}
            # No row of ours lacks one; a partition of rows that do is left alone.
            known = {column: value for column, value in values.items() if value is not None}
            if len(known) == len(values):
                yield Fragmented(known, int(row["files"] or 0))
