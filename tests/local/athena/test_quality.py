"""How good the data are, of what went through load and curate: what each of both periods was like, and what has changed."""

import json
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from regulars.adapters.s3_objects import S3Objects
from regulars.domain.collection.body import Body
from regulars.domain.collection.message import QueueMessage, packed
from regulars.domain.quality.check import Check, QuarantinedCount, SourceQuality, Whose
from regulars.domain.quarantine.repair_document import read_repair
from regulars.domain.quarantine.selection import Selection
from regulars.domain.tickets import QualityTicket, SearchTicket, unsealed
from regulars.usecases.check_quality import look_at_check, start_check
from regulars.usecases.load import load
from regulars.usecases.replay_quarantined import replay_page
from regulars.usecases.search_quarantine import start_search
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemoryDevices, MemoryEventNames
from tests.local.athena.conftest import Athena
from tests.local.athena.curation import CuratedLake, curated_lake

EACH = 120
"""Events of a period: enough to tell a drift."""

HOUR = timedelta(hours=1)


@pytest.fixture
def lake(athena: Athena) -> CuratedLake:
    return curated_lake(athena)


def loaded(lake: CuratedLake, queue: MemoryQueue) -> None:
    messages = [QueueMessage(uuid.uuid4().hex, body) for body in queue.bodies]
    queue.bodies.clear()
    stores = {"profiles": lake.profiles, "devices": MemoryDevices(), "names": MemoryEventNames()}
    load(messages, objects=S3Objects(lake.bucket), queue=queue, clock=lake.clock, plans=lambda: (), **stores)


def send(lake: CuratedLake, events: Iterable[dict[str, Any]], *, waited: timedelta = timedelta()) -> None:
    text = json.dumps({"batch": list(events)}).encode()
    queue = MemoryQueue()
    for body in packed(Body(text, None), received=lake.clock.now() - waited, source="shop", verb="batch"):
        queue.send(body)
    loaded(lake, queue)


def orders(first: int, **properties: Any) -> list[dict[str, Any]]:
    return [
        {"type": "track", "event": "Order", "userId": f"u{n}", "messageId": f"m{n}", "properties": {"sku": "a", **properties}}
        for n in range(first, first + EACH)
    ]


def checked(lake: CuratedLake, since: datetime) -> Check:
    ticket = start_check(since, queries=lake.queries, clock=lake.clock).ticket
    lake.queries.wait(unsealed(ticket, QualityTicket).query_id, within=HOUR)
    look = look_at_check(ticket, queries=lake.queries)
    assert look.check is not None, look
    assert look.bytes_scanned > 0 and look.cost_usd > 0
    return look.check


def replay(lake: CuratedLake) -> None:
    ticket = start_search("replay", Selection(reason="unknown_type"), limit=10, queries=lake.queries, clock=lake.clock).ticket
    lake.queries.wait(unsealed(ticket, SearchTicket).query_id, within=HOUR)
    queue = MemoryQueue()
    repair = read_repair({"steps": [{"set": "type", "to": "track"}]})
    stores = {"queries": lake.queries, "queue": queue, "lake": S3Objects(lake.bucket), "clock": lake.clock}
    replay_page(ticket, repair=repair, page="", apply=True, by="ada", plans=lambda: (), **stores)
    loaded(lake, queue)


def test_what_changed_what_was_refused_how_late_it_was_and_whose_it_is_are_told_of_what_was_loaded_and_curated(lake: CuratedLake) -> None:
    send(lake, orders(0, total=12.5, city="Rome"))
    lake.curate()
    since = lake.clock.now() + timedelta(minutes=1)
    lake.clock.advance(timedelta(minutes=2))
    visits = [{"type": "page", "anonymousId": anonymous, "messageId": f"v-{anonymous}"} for anonymous in ("a1", "a2")]
    login = {"type": "identify", "userId": "ada", "anonymousId": "a1", "messageId": "login"}
    bad = [{"type": "trak", "event": "Refused", "userId": "u1", "messageId": "bad"}, {"type": "track", "userId": "u1", "messageId": "worse"}]
    send(lake, [*orders(EACH, total="cheap", city=None), *visits, login, *bad])
    send(lake, [{"type": "page", "userId": "late", "messageId": f"late{n}"} for n in range(10)], waited=HOUR)
    replay(lake)
    lake.curate()
    lake.clock.advance(timedelta(minutes=1))
    found = checked(lake, since)

    assert {(drift.property, drift.kind): drift.now for drift in found.drift} == {
        ("total", "type"): {"string": 1.0},
        ("city", "null"): {"absent": 0.0, "null": 1.0},
    }
    accepted = EACH + len([*visits, login]) + 10 + 1
    assert found.sources == (SourceQuality("shop", accepted=accepted, quarantined=1, replayed=1),)
    assert set(found.quarantined) == {QuarantinedCount("missing_event_name", "shop", 1), QuarantinedCount("unknown_type", "shop", 0, replayed=1)}
    assert (found.freshness.p50_s, found.freshness.p95_s) == (15 * 60, 75 * 60)
    assert found.identity == Whose(user=accepted - 2, claimed=1, anonymous=1)
