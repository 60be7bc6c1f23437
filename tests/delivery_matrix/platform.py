"""A campaign with its people, devices and stores, to which calls of `deliver` and `settle` are made, and the double's word on who got what."""

import gzip
import json
import threading
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from local.fcm import FcmDouble
from regulars.adapters.fcm import FcmSender
from regulars.domain.campaigns.places import manifest_key, outcomes_prefix
from regulars.domain.campaigns.run import RunError
from regulars.domain.campaigns.shards import Shard, shard_manifest
from regulars.domain.collection.moments import iso
from regulars.domain.delivery.pace import RetryPolicy
from regulars.domain.delivery.recipients import fingerprint
from regulars.domain.reasons import ALREADY_REACHED
from regulars.usecases.deliver import Delivered, deliver
from regulars.usecases.settle import settle
from tests.delivery_matrix.calls import Life, MortalSender, mortal
from tests.delivery_matrix.process import deliver_in_a_process
from tests.delivery_matrix.shared_time import SharedTime
from tests.examples import campaign_run, person, phone
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

QUICK: Final = RetryPolicy(first_delay=0.05, reconnect_delay=0.05, longest_delay=0.4, quota_pause=0.2)
PER_SECOND: Final = 2000
CALL: Final = timedelta(seconds=1)
"""How long a call begins new pushes."""

BEST: Final = ("sent", "unknown", "failed", "skipped")
"""Outcomes in the order in which they count, as `domain.campaigns.audience` counts them."""


@dataclass(frozen=True)
class Look:
    """What was recorded of everybody at a moment: outcomes by person, of those who have one."""

    at: datetime
    fates: Mapping[str, str]


class Platform:
    """`people` have a device each, in one shard of one run at a time."""

    def __init__(self, people: int, policy: str, double: FcmDouble, *, answer_seconds: float) -> None:
        self.users = [f"h{number}" for number in range(people)]
        self.clock, self.double, self._answer_seconds = SharedTime(), double, answer_seconds
        self.looks: list[Look] = []
        self._policy, self._lock, self._calls = policy, threading.Lock(), 0
        self._runs, self._claims, self._progress, self._lake = MemoryRuns(), MemoryClaims(), MemoryProgress(), MemoryObjects()
        self._profiles = MemoryProfiles([person(user, name=user) for user in self.users])
        self._contacts, self._definitions = MemoryContacts(), MemoryDefinitions()
        self._devices = MemoryDevices([phone(f"d-{user}", user, token(user), at=iso(datetime.now(UTC))) for user in self.users])
        self.start_container()
        self.run_id = ""
        self.launch()

    def start_container(self) -> None:
        """The next call has a process of its own, with connections of its own."""
        self._sender = FcmSender(**self._sender_arguments)

    @property
    def _sender_arguments(self) -> dict[str, Any]:
        double = self.double
        endpoint = {"base_url": double.url, "ca_bundle": str(double.ca_path)}
        return {"service_account": double.service_account, **endpoint, "policy": QUICK, "timeout": self._answer_seconds}

    def launch(self) -> None:
        """A new run, which goes on with those before."""
        reached, number = self._reached(), len(self._run_ids) + 1
        self.run_id = f"spring-{number}"
        key = f"runs/{self.run_id}/recipients/1/shard=0/a.gz"
        rows = [recipient(user, ALREADY_REACHED if user in reached else "") for user in self.users]
        self._lake.content[key] = gzip.compress(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
        self._lake.content[manifest_key(self.run_id)] = shard_manifest(self.run_id, [Shard(0, [key])])
        going: dict[str, Any] = {"state": "running", "shards": 1, "manifest": manifest_key(self.run_id), "launched_at": self.clock.now()}
        self._runs.create(campaign_run(self.run_id, self._campaign, **going))

    def stop(self, code: str) -> None:
        """The run does not go on: it failed, or somebody stopped it."""
        stored = self._runs.get(self.run_id)
        self._runs.put(stored.value.stopped(RunError(code, "it is a test"), self.clock.now()), expected=stored.version)

    def lose_stores(self, *, lost: bool) -> None:
        """Neither the shard's progress nor an outcome can be written, or they can again."""
        self._progress.fails = lost
        self._lake.fails = lambda key: lost

    def deliver(self, life: Life, *, left: timedelta = CALL) -> Delivered:
        """By a call of its own."""
        stores = {name: mortal(store, life, self._lock) for name, store in self._stores.items()}
        return deliver(**self._call(left), **stores, push_sender=MortalSender(self._sender, life), clock=self.clock)

    def deliver_in_a_process(self, *, kill_at: int, after: float) -> Delivered:
        """By a process of its own."""
        call = {**self._call(CALL), "ahead": self.clock.now() - datetime.now(UTC)}
        return deliver_in_a_process(call, self._sender_arguments, self._stores, kill_at=kill_at, after=after)

    @property
    def _stores(self) -> dict[str, Any]:
        kept = {"runs": self._runs, "claims": self._claims, "progress": self._progress}
        people = {"profiles": self._profiles, "devices": self._devices, "contacts": self._contacts, "definitions": self._definitions}
        return {**kept, **people, "lake": self._lake}

    def _call(self, left: timedelta) -> dict[str, Any]:
        with self._lock:
            self._calls += 1
            holder = f"call-{self._calls}"
        deadline = datetime.now(UTC) + left  # of the sender, whose time does not jump
        return {"run_id": self.run_id, "shard": 0, "execution": 1, "holder": holder, "deadline": deadline}

    def settle(self) -> None:
        settle(self.run_id, runs=self._runs, progress=self._progress, lake=self._lake, clock=self.clock)

    def look(self) -> None:
        """Keeps how everybody stands now."""
        fates = self.fates()
        self.looks.append(Look(datetime.now(UTC), fates))

    def fates(self) -> dict[str, str]:
        """By person, the best of all that was recorded in any run."""
        fates: dict[str, str] = {}
        for row in self.rows():
            user, outcome = row["user_id"], row["outcome"]
            fates[user] = min(fates.get(user, outcome), outcome, key=BEST.index)
        return fates

    def rows(self) -> list[dict[str, Any]]:
        with self._lock:
            bodies = [self._lake.content[key] for run_id in self._run_ids for key in self._lake.keys(outcomes_prefix(run_id))]
        return [json.loads(line) for body in bodies for line in gzip.decompress(body).splitlines()]

    def arrivals(self) -> dict[str, list[datetime]]:
        """When the double took a push to a person, each time that it did, whether or not its answer arrived."""
        found: dict[str, list[datetime]] = {}
        for one in self.double.messages():
            if one["answer"] == 200:
                found.setdefault(one["body"]["message"]["token"].split(":")[0], []).append(datetime.fromisoformat(one["at"]))
        return found

    @property
    def _run_ids(self) -> list[str]:
        return [run.run_id for run in self._runs.listed().runs]

    @property
    def _campaign(self) -> dict[str, Any]:
        delivery = {"per_second": PER_SECOND, "when_unsure": self._policy}
        return {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"title": "Hi {{ person.traits.name }}"}}, "delivery": delivery}

    def _reached(self) -> Set[str]:
        """As `campaigns.audience` asks: whoever was reached, and may have been where nobody is to get two."""
        over = ("sent",) if self._policy == "resend" else ("sent", "unknown")
        return {user for user, outcome in self.fates().items() if outcome in over}


def token(user: str) -> str:
    return f"{user}:APA91b" + "x" * 100


def recipient(user: str, skip_reason: str) -> dict[str, Any]:
    """As UNLOAD writes it."""
    row = {"user_id": user, "arm": "treated"}
    return {**row, "skip_reason": skip_reason} if skip_reason else {**row, "device_id": f"d-{user}", "fingerprint": fingerprint(token(user))}
