"""A cap among campaigns that send at the same moment to the same people: `deliver` through the table of contacts, in threads."""

import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from regulars.adapters.dynamo_contacts import DynamoContacts
from tests.contracts.conftest import Tables
from tests.usecases.delivery_world import World

CAMPAIGNS, PEOPLE, CAP = 20, 15, 3


def campaigns(table: str, caps: Sequence[int | None]) -> list[World]:
    """One for each cap, each with a message of its own, all to the same people."""
    worlds = list[World]()
    for number, cap in enumerate(caps):
        world = World(PEOPLE, delivery={"cap": {"count": cap, "within": "24h"}} if cap else {})
        world.contacts = DynamoContacts(table)  # type: ignore[assignment]
        stored = world.runs.get("spring-1")
        world.runs.put(replace(stored.value, notes=True, continues=(f"campaign-{number}",)), expected=stored.version)
        worlds.append(world)
    return worlds


def launched_at_once(worlds: Sequence[World]) -> Counter[str]:
    """How many messages each person got."""
    together = threading.Barrier(len(worlds))

    def deliver(world: World) -> None:
        together.wait()
        assert world.deliver().done

    with ThreadPoolExecutor(len(worlds)) as threads:
        list(threads.map(deliver, worlds))
    return Counter(user_id for world in worlds for user_id, (outcome, _) in world.fates.items() if outcome == "sent")


def test_of_twenty_campaigns_at_once_each_person_gets_as_many_as_the_cap_allows_and_no_fewer(table: Tables) -> None:
    worlds = campaigns(table("ContactsTable"), [CAP] * CAMPAIGNS)
    assert launched_at_once(worlds) == {f"h{number}": CAP for number in range(PEOPLE)}
    fates = [fate for world in worlds for fate in world.fates.values()]
    assert Counter(fates) == {("sent", None): CAP * PEOPLE, ("skipped", "capped"): (CAMPAIGNS - CAP) * PEOPLE}


def test_campaigns_without_a_cap_send_to_everybody_and_count_for_those_that_have_one(table: Tables) -> None:
    worlds = campaigns(table("ContactsTable"), [None] * 4)
    assert set(launched_at_once(worlds).values()) == {4}
    (capped,) = campaigns("ContactsTable", [4])
    late = capped.runs.get("spring-1")
    capped.runs.put(replace(late.value, continues=("later",)), expected=late.version)
    assert launched_at_once([capped]) == {}
