"""What is odd about a definition that can be saved all the same."""

from collections.abc import Callable, Iterable, Sequence

from regulars.domain.definitions import PutWarning
from regulars.domain.errors import InfrastructureError
from regulars.domain.quality.catalog import Catalog
from regulars.ports import ObjectStore
from regulars.usecases.read_catalog import read_catalog


def put_warnings(found: Callable[[Catalog], Iterable[PutWarning]], *, lake: ObjectStore) -> Sequence[PutWarning]:
    """What `found` makes of the catalog; nothing where it cannot be read or nothing was sent: a definition is saved all the same."""
    try:
        catalog = read_catalog(lake)
    except InfrastructureError:
        return []
    return [] if catalog is None else list(found(catalog))
