"""What a purchase is called here: as somebody says, or the settings, or the saved segments, or as the events that were sent let one guess."""

from regulars.domain.definitions import documents_of
from regulars.domain.purchase import Purchase
from regulars.domain.segments.lifecycle import ShopNames, recognised, written_for
from regulars.ports import DefinitionStore, ObjectStore
from regulars.usecases.current_settings import current_settings
from regulars.usecases.suggest_segments import known_names


def current_purchase(given: ShopNames, *, definitions: DefinitionStore, lake: ObjectStore) -> Purchase | None:
    """None where nothing looks like one. Raises StoreUnavailableError."""
    told = current_settings(definitions).purchase
    if told and given == ShopNames():
        return told
    written = written_for(documents_of(each for each in definitions.all("segment") if not each.archived))
    asked = ShopNames(purchase=given.purchase or (told.event if told else written.purchase), revenue=given.revenue or written.revenue)
    names = recognised(known_names(lake), asked)
    if names.purchase is None:
        return None
    return Purchase(names.purchase, (names.revenue,) if names.revenue else None)
