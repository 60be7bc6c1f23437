"""What `deliver` does about each person before it renders, against sending to them: it reads who they are, judges quiet hours by their clock, reads
what they were sent and takes room for one more."""

import statistics
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from bench import people_store
from bench.deliver import LATENCY, Run, measured
from bench.delivery import send
from bench.delivery_world import world
from bench.people_store import shard_row
from bench.table import BenchRow
from regulars.adapters.dynamo_contacts import DynamoContacts
from regulars.adapters.dynamo_devices import DynamoDevices
from regulars.adapters.dynamo_profiles import DynamoProfiles
from regulars.domain.delivery.caps import Cap, Limit
from regulars.domain.delivery.decision import Ready, decide
from regulars.domain.delivery.policy import Policy
from regulars.domain.delivery.quiet_hours import QuietHours
from regulars.domain.delivery.recipients import Address, Recipient
from regulars.usecases.reserve_contacts import Reservations
from regulars.usecases.whole_profiles import whole_profiles

PEOPLE: Final = 5_000
ROUNDS: Final = 3
BLOCK: Final = 100
AT_MOST: Final = 0.9
"""Seconds of CPU for 10,000 people: what a bare sender took when this was asked for."""
_NIGHT: Final = QuietHours(time(3), time(4))
POLICY: Final = Policy(quiet_hours=_NIGHT, limits=(Limit(Cap(50, timedelta(days=7)), "capped"),))


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC).replace(hour=12)


def rows() -> list[BenchRow]:
    with world(latency=LATENCY) as place:
        all_of_it, unnoted, bare = list[Run](), list[Run](), list[Run]()
        for number in range(ROUNDS + 1):
            people = [_recipient(member) for member in range(PEOPLE)]
            all_of_it.append(measured(lambda run=f"promises-{number}", to=people: _judge(run, to, POLICY), PEOPLE))  # type: ignore[misc]
            unnoted.append(measured(lambda run=f"bare-{number}", to=people: _judge(run, to, Policy(noted=False)), PEOPLE))  # type: ignore[misc]
            bare.append(measured(lambda: send(place, PEOPLE), PEOPLE))
    note = "our sender alone; lower is better"
    floor = _median(bare)
    whole, least = _median(all_of_it), _median(unnoted)
    return [
        _row(
            "deliver, what is promised: CPU",
            whole - least,
            AT_MOST,
            f"what it may cost at most; with who they are, which deliver reads anyway, {whole:.2f}",
        ),
        _row("deliver, who they are: CPU", least, floor, note),
    ]


def _median(runs: Sequence[Run]) -> float:
    return statistics.median(one.cpu for one in runs[1:])  # the first warms up


def _row(name: str, mine: float, peer: float, note: str) -> BenchRow:
    return BenchRow(name, mine, peer, mine / peer, "s / 10,000 people", note)


def _recipient(number: int) -> Recipient:
    row = shard_row(number)
    return Recipient(row["user_id"], row["arm"], Address("push", row["device_id"], row["fingerprint"]))


def _judge(run_id: str, people: Sequence[Recipient], policy: Policy) -> None:
    """As a pass does, a block after the other."""
    profiles, devices = DynamoProfiles(people_store.PROFILES), DynamoDevices(people_store.DEVICES)
    reservations = Reservations(run_id, policy, DynamoContacts(people_store.CONTACTS), _Clock())
    sent = 0
    for first in range(0, len(people), BLOCK):
        block = people[first : first + BLOCK]
        known = whole_profiles(sorted({person.user_id for person in block}), profiles=profiles)
        owned = devices.get_many(sorted({person.device_id for person in block}))
        now = _Clock().now()
        verdicts = [decide(person, known[person.user_id], owned[person.device_id].value, policy, now) for person in block]
        ready = [(first + place, verdict.recipient.user_id, verdict.former) for place, verdict in enumerate(verdicts) if isinstance(verdict, Ready)]
        refused = reservations.reserve(ready)
        sent += len(ready) - len(refused)
        for _, user_id, _ in ready:
            reservations.used(user_id)
    if sent != len(people):
        raise RuntimeError(f"{sent} of {len(people)} would be sent to: nothing to compare")
