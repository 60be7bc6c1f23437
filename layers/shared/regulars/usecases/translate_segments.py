"""What segments of Amazon Pinpoint are here, given what is known of people's traits."""

from collections.abc import Sequence
from typing import Any

from regulars.domain.imports.pinpoint_segments import Translated, translated
from regulars.ports import ObjectStore
from regulars.usecases.read_catalog import read_catalog


def translate_segments(document: Any, *, lake: ObjectStore) -> Sequence[Translated]:
    """None of them is saved. Raises InvalidRequestError where the document is no answer of Pinpoint, StoreUnavailableError."""
    catalog = read_catalog(lake)
    traits = catalog.traits if catalog else {}
    return translated(document, lists={name for name, known in traits.items() if "array" in known.types})
