"""Why somebody is in a segment, asked of the local Athena: every table that it reads, each at its snapshot."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from local.athena.engine import settled
from regulars.adapters.glue_tables import GlueTables
from regulars.usecases.explain_person import look_at_person_explained, start_explaining_person
from tests.fakes.clock import MovableClock
from tests.fakes.stores import MemoryDefinitions
from tests.local.athena.curation import LOOK_SECONDS, curated_lake

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

AS_OF = datetime(2026, 12, 1, tzinfo=UTC)
RULE = {
    "any": [
        {"event": "Viewed", "within": "60d", "distinct": "sku", "gte": 9},
        {"trait": "plan", "eq": "pro"},
        {"message": "sent"},
        {"reachable": "push"},
        {"near": {"lat": 45.764, "lon": 4.8357, "radius_m": 500}},
        {"sequence": [{"event": "Viewed"}, {"event": "Bought"}]},
    ]
}


def test_a_person_is_explained_from_all_tables_in_one_statement(athena: "Athena") -> None:
    lake = curated_lake(athena)
    place = {"context": {"location": {"latitude": 45.764, "longitude": 4.8357}}}
    identify = {"user_id": "ann", "type": "identify", "event_name": "identify", "traits": {"plan": "pro"}}
    lake.land(
        {"message_id": "m1", "user_id": None, "anonymous_id": "a1", "event_name": "Viewed", "properties": {"sku": "wine"}},
        {"message_id": "m2", "anonymous_id": "a1", **identify, **place},
        {"message_id": "m3", "user_id": "bob", "event_name": "Viewed", "properties": {"sku": "tea"}},
    )
    lake.curate()
    definitions, clock = MemoryDefinitions(), MovableClock(datetime.now(UTC) + timedelta(seconds=1))
    definitions.put("segment", "all", {"id": "all", "name": "all", "rule": RULE}, at=AS_OF, by="ann")
    known = {"definitions": definitions, "queries": lake.queries}
    found = start_explaining_person("all", "ann", as_of=AS_OF, **known, catalog=GlueTables(athena.database), clock=clock)
    while found.state in ("queued", "running"):
        settled(LOOK_SECONDS)
        found = look_at_person_explained(found.ticket, **known)
    assert (found.state, found.member, found.reason) == ("succeeded", True, None)
    assert [clause.verdict for clause in found.clauses] == [True, False, True, False, False, True, False]
    assert found.clauses[1].because[1].message_id == "m1"
    assert found.bytes_scanned > 0
