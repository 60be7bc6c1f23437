"""Adding what was curated to the catalog of events."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.state import BEGINNING
from regulars.domain.errors import UnreadableCatalogError
from regulars.domain.quality.catalog import Catalog, extended
from regulars.domain.quality.catalog_document import KEY, written
from regulars.domain.quality.catalog_sql import MOST_ROWS, catalog_sql
from regulars.domain.queries import ResultRow
from regulars.ports import ObjectStore
from regulars.usecases.read_catalog import read_catalog


def keep_catalog(
    inserted_through: datetime,
    before: datetime,
    days: tuple[date, date] | None,
    *,
    lake: ObjectStore,
    ask: Callable[[str], Iterable[ResultRow]],
) -> None:
    """Adds the rows that are curated and not in it. `before` is up to when earlier runs had inserted: if the catalog has all of those, the rest
    happened on `days`. One that cannot be read is made anew, of all rows. Raises QueryFailedError, StoreUnavailableError: the next run adds what is
    missing then."""
    catalog = _kept(lake)
    has_the_earlier = catalog.through >= before and catalog.through > BEGINNING
    rows = list(ask(catalog_sql(Inserted(catalog.through, days if has_the_earlier else None))))
    lake.put(KEY, written(extended(catalog, rows, through=inserted_through, all_rows=len(rows) < MOST_ROWS)))


def _kept(lake: ObjectStore) -> Catalog:
    try:
        return read_catalog(lake) or Catalog(BEGINNING)
    except UnreadableCatalogError:
        return Catalog(BEGINNING)
