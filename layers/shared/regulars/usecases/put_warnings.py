"""What is odd about a definition that can be saved all the same."""

from collections.abc import Callable, Iterable, Sequence

from regulars.domain.definitions import PutWarning
from regulars.domain.errors import InfrastructureError
from regulars.domain.quality.catalog import Catalog
from regulars.domain.quality.unsent import unknown_campaigns, unsent_in_rule
from regulars.domain.segments.rule import Message, Rule, walk
from regulars.ports import DefinitionStore, ObjectStore
from regulars.usecases.read_catalog import read_catalog


def put_warnings(found: Callable[[Catalog], Iterable[PutWarning]], *, lake: ObjectStore) -> Sequence[PutWarning]:
    """What `found` makes of the catalog; nothing where it cannot be read or nothing was sent: a definition is saved all the same."""
    try:
        catalog = read_catalog(lake)
    except InfrastructureError:
        return []
    return [] if catalog is None else list(found(catalog))


def rule_warnings(rule: Rule, *, definitions: DefinitionStore, lake: ObjectStore) -> Sequence[PutWarning]:
    """Of a segment's rule: names that nobody ever sent, and campaigns that nobody saved."""
    campaigns = [each.id for each in definitions.all("campaign")] if any(isinstance(node, Message) for _, node in walk(rule)) else []
    return [*unknown_campaigns(rule, campaigns), *put_warnings(lambda catalog: unsent_in_rule(rule, catalog), lake=lake)]
