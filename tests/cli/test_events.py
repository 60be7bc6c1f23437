"""`regulars events catalog`."""

import json
from typing import Any

from tests.cli.conftest import FakeApi, Run

SEEN = {"first_seen": "2026-11-20T00:00:00Z", "last_seen": "2026-11-21T00:00:00Z", "sources": ["site"], "type": "track"}
TOTAL = {"name": "total", "types": ["number", "string"], "count": 3, "values": None, "rare_values": None}
COUNTRY = {"name": "country", "types": ["string"], "count": 3, "values": ["DE", "FR", True], "rare_values": 2}
ORDER = {"name": "Order Completed", "count": 3, "properties": [COUNTRY, TOTAL], "complete": True, **SEEN}
CROWDED = {"name": "Crowded", "count": 1, "properties": [TOTAL], "complete": False, **SEEN}
SAYS_SO = "Crowded (track) had more properties than the 1 that are kept."


def catalog(*events: Any, **said: Any) -> dict[str, Any]:
    return {"events": list(events), "through": "2026-11-21T12:00:00Z", "complete": True, "rebuilding": False, **said}


def test_every_event_is_listed_and_the_one_whose_properties_were_cut_is_named(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/events", catalog(ORDER, CROWDED))
    shown = regulars("events", "catalog").stdout
    assert "Order Completed" in shown and SAYS_SO in shown and "2 events, as of 2026-11-21T12:00:00Z." in shown
    assert "than the catalog holds" not in shown


def test_one_event_is_shown_with_its_properties_and_what_is_true_of_it_alone(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/events", catalog(ORDER, CROWDED, complete=False))
    shown = regulars("events", "catalog", "--event", "Order Completed").stdout
    assert "number, string" in shown and "DE, FR, true, 2 rare" in shown and SAYS_SO not in shown
    assert SAYS_SO in regulars("events", "catalog", "--event", "Crowded").stdout
    assert [each["name"] for each in json.loads(regulars("events", "catalog", "--event", "Crowded", "--json").stdout)["events"]] == ["Crowded"]
    assert "There are more events than the catalog holds." in regulars("events", "catalog").stdout


def test_an_event_that_was_never_sent_is_refused_with_the_nearest_that_was(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/events", catalog(ORDER, CROWDED))
    done = regulars("events", "catalog", "--event", "Order Complted")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no event 'Order Complted' was sent" in done.stderr and "did you mean 'Order Completed'?" in done.stderr
    assert "regulars events catalog" in regulars("events", "catalog", "--event", "xyz").stderr


def test_a_catalog_that_is_made_anew_or_has_nothing_yet_says_so(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/events", catalog(complete=False, rebuilding=True))
    assert "it is made anew" in regulars("events", "catalog").stdout
    assert regulars("events", "catalog", "--event", "Order").exit_code == 0, "nobody knows"
    api.on("GET", "/admin/events", {**catalog(), "through": None})
    assert "Nothing is in the lake yet" in regulars("events", "catalog").stdout
