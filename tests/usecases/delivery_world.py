"""A run with people in its shards, and `deliver` over fakes."""

import gzip
import json
from datetime import timedelta
from typing import Any

from regulars.domain.campaigns.places import manifest_key
from regulars.domain.campaigns.run import RunError
from regulars.domain.campaigns.shards import Shard, shard_manifest
from regulars.domain.collection.moments import iso
from regulars.domain.delivery.progress import LEASE
from regulars.domain.delivery.recipients import fingerprint
from regulars.domain.people.device import Device
from regulars.domain.people.profile import Profile
from regulars.ports import Clock, Push, PushResult, PushSender, Stored
from regulars.usecases.deliver import Delivered, deliver
from regulars.usecases.settle import settle
from tests.examples import campaign_run, person, phone
from tests.fakes.clock import MovableClock
from tests.fakes.services import ScriptedSender
from tests.fakes.stores import (
    MemoryClaims,
    MemoryContacts,
    MemoryDefinitions,
    MemoryDevices,
    MemoryObjects,
    MemoryProfiles,
    MemoryProgress,
    MemoryRuns,
)

KEYS = ["runs/spring-1/recipients/1/shard=0/a.gz", "runs/spring-1/recipients/1/shard=1/b.gz"]


BLOCK = 100
"""Recipients that are claimed at once, at the rate that a campaign has unless it says another."""


class CrashError(Exception):
    """The process is gone: nothing below may be written any more."""


class World:
    """A run with `people`, each with one device, in one shard."""

    def __init__(self, people: int = 3, *, shards: int = 1, clock: Clock | None = None, **campaign: Any) -> None:
        self.runs, self.claims, self.clock, self.lake = MemoryRuns(), MemoryClaims(), clock or MovableClock(), MemoryObjects()
        self.progress, self.contacts, self.calls = MemoryProgress(), MemoryContacts(), 0
        self.definitions = MemoryDefinitions()
        document = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"title": "Hi {{ person.traits.name }}"}}, **campaign}
        going = {"state": "running", "shards": shards, "manifest": manifest_key("spring-1"), "launched_at": self.clock.now()}
        self.runs.create(campaign_run("spring-1", document, **going))
        self.seen = iso(self.clock.now() - timedelta(days=1))
        self.profiles = MemoryProfiles([person(f"h{n}", name=f"H{n}") for n in range(people)])
        self.devices = MemoryDevices([phone(f"d{n}", f"h{n}", f"t{n}", at=self.seen) for n in range(people)])
        self.load([recipient(f"h{n}", f"d{n}", f"t{n}") for n in range(people)])
        self.sender = ScriptedSender()

    def load(self, *shards: list[dict[str, Any]]) -> None:
        """The recipients of each shard."""
        for key, rows in zip(KEYS, shards, strict=False):
            self.lake.content[key] = gzip.compress(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
        self.lake.content[manifest_key("spring-1")] = shard_manifest(
            "spring-1", [Shard(number, [key]) for number, key in enumerate(KEYS[: len(shards)])]
        )

    def know(self, profile: Profile) -> None:
        """Somebody else writes the profile."""
        before = self.profiles.stored.get(profile.user_id)
        self.profiles.stored[profile.user_id] = Stored(profile, before.version + 1 if before else 1)

    def register(self, user_id: str | None, **tokens: str | None) -> None:
        """Somebody, or nobody, is seen on devices, registered if there is a token."""
        for device_id, token in tokens.items():
            self.devices.stored[device_id] = Stored(phone(device_id, user_id, token, at=self.seen), self._version(device_id) + 1)

    def keep(self, *devices: Device) -> None:
        """Somebody else writes the devices."""
        for device in devices:
            self.devices.stored[device.device_id] = Stored(device, self._version(device.device_id) + 1)

    def _version(self, device_id: str) -> int:
        stored = self.devices.stored.get(device_id)
        return stored.version if stored else 0

    def tokens(self, user_id: str) -> dict[str, str]:
        """What leads to the person, by device."""
        known = (stored.value for stored in self.devices.stored.values())
        return {each.device_id: each.target.value for each in known if each.owner == user_id and each.target}

    def deliver(self, sender: PushSender | None = None, *, shard: int = 0, left: timedelta = timedelta(minutes=10), execution: int = 0) -> Delivered:
        """By a call of its own, of the newest execution or of another. One that is killed is not heard of for a lease."""
        self.calls += 1
        try:
            return self._deliver(f"call-{self.calls}", sender or self.sender, shard, left, execution)
        except CrashError:
            self.clock.advance(LEASE)  # type: ignore[attr-defined]
            raise

    def _deliver(self, holder: str, sender: PushSender, shard: int, left: timedelta, execution: int) -> Delivered:
        return deliver(
            "spring-1",
            shard,
            execution=execution or self.runs.get("spring-1").value.executions,
            holder=holder,
            deadline=self.clock.now() + left,
            runs=self.runs,
            claims=self.claims,
            progress=self.progress,
            lake=self.lake,
            profiles=self.profiles,
            devices=self.devices,
            contacts=self.contacts,
            definitions=self.definitions,
            push_sender=sender,
            clock=self.clock,
        )

    def settle(self, shard: int | None = None) -> int:
        return settle("spring-1", shard, runs=self.runs, progress=self.progress, lake=self.lake, clock=self.clock)

    def stop(self, code: str = "aborted") -> None:
        """The run is told to."""
        stored = self.runs.get("spring-1")
        self.runs.put(stored.value.stopped(RunError(code, "by hand"), self.clock.now()), expected=stored.version)

    @property
    def rows(self) -> list[dict[str, Any]]:
        keys = self.lake.keys("raw/deliveries/run_id=spring-1/")
        return [json.loads(line) for key in keys for line in gzip.decompress(self.lake.content[key]).splitlines()]

    @property
    def fates(self) -> dict[str, tuple[str, str | None]]:
        rows = self.rows
        assert len({row["message_id"] for row in rows}) == len(rows), "somebody is recorded twice"
        return {row["user_id"]: (row["outcome"], row["reason"]) for row in rows}


def recipient(user_id: str, device: str | None, token: str = "") -> dict[str, Any]:
    """As UNLOAD writes it of somebody whose device had the token in the lake."""
    return {"user_id": user_id, "arm": "treated", **({"device_id": device, "fingerprint": fingerprint(token)} if device else {})}


def sent(push: Push) -> PushResult:
    return PushResult(push.key, "sent")


def crash_after(count: int) -> ScriptedSender:
    def answer(push: Push, number: int) -> PushResult:
        if number == count:
            raise CrashError
        return sent(push)

    return ScriptedSender(answer)
