"""Saving a journey: what it says of events that nobody ever sent."""

from typing import Any

import pytest

from regulars.domain.quality.catalog import Catalog, CatalogedEvent
from regulars.domain.quality.catalog_document import KEY, written
from regulars.usecases.put_journey import put_journey
from tests.domain.journeys.documents import example
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.stores import MemoryDefinitions, MemoryObjects

LAKE = MemoryObjects({KEY: written(Catalog(MOMENT, (CatalogedEvent("Article Read", "track", 1, MOMENT, MOMENT),)))})


def warned(document: dict[str, Any]) -> dict[str, str]:
    saved = put_journey(document, by="ann", definitions=MemoryDefinitions(), lake=LAKE, clock=MovableClock())
    return {warning.path: warning.message for warning in saved.warnings}


@pytest.mark.parametrize(("event", "paths"), [("Article Read", []), ("Articel Read", ["entry.affinity.event"])])
def test_an_affinity_to_what_nobody_ever_did_is_warned_of_and_saved(event: str, paths: list[str]) -> None:
    news = example("news")
    news["entry"]["affinity"]["event"] = event
    found = {path: said for path, said in warned(news).items() if path.startswith("entry")}
    assert list(found) == paths and all("did you mean `Article Read`?" in said for said in found.values())
