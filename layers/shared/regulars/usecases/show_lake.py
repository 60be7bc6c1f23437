"""The tables and views that may be read by SQL of one's own, with what their columns mean."""

from typing import Final

from regulars.domain.analysis.answers import LakeShown, LakeTable, QueryColumn
from regulars.domain.analysis.meanings import MEANINGS
from regulars.domain.analysis.readable import TABLES, VIEWS
from regulars.ports import TableCatalog

_NAMES: Final = (*(table.name for table in TABLES), *VIEWS)


def show_lake(*, catalog: TableCatalog) -> LakeShown:
    """As they are in Glue now. Raises StoreUnavailableError."""
    return LakeShown([_shown(name, catalog) for name in _NAMES])


def _shown(name: str, catalog: TableCatalog) -> LakeTable:
    said = MEANINGS.get(name, {})
    columns = [QueryColumn(column, kind, said.get(column, "")) for column, kind in catalog.columns(name).items()]
    return LakeTable(name, "view" if name in VIEWS else "table", said.get("", ""), columns)
