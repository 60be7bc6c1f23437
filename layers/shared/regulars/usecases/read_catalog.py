"""Reading the catalog of events, which curate keeps."""

from regulars.domain.errors import NotFoundError
from regulars.domain.quality.catalog import Catalog
from regulars.domain.quality.catalog_document import KEY, read
from regulars.ports import ObjectStore


def read_catalog(lake: ObjectStore) -> Catalog | None:
    """None where nothing was ever curated. Raises StoreUnavailableError, UnreadableCatalogError."""
    try:
        return read(lake.get(KEY))
    except NotFoundError:
        return None
