"""A shard of a run: some of its recipients, as Athena unloaded them, and what is said to each."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.templates import templates
from regulars.domain.delivery.decision import Ready
from regulars.domain.delivery.recipients import Address, Recipient, windows
from regulars.domain.messages.rendering import Addressee, Occasion, Unsendable


def read_shard(body: bytes) -> list[Recipient]:
    """Gzipped NDJSON of `user_id, arm, device_id`, in the order of the file, which never changes. JSON of UNLOAD leaves nulls out or writes null."""
    return [_recipient(line) for line in gzip.decompress(body).splitlines() if line]


def _recipient(line: bytes) -> Recipient:
    row = orjson.loads(line)
    device_id = row.get("device_id")
    return Recipient(row["user_id"], row["arm"], Address("push", device_id) if device_id else None)


@dataclass(eq=False)
class ShardSource:
    """The recipients of one shard, to whom the run's campaign speaks."""

    run: Run
    campaign: Campaign
    recipients: Sequence[Recipient]

    def __post_init__(self) -> None:
        self._templates = templates(self.campaign)

    def windows(self) -> Iterator[tuple[int, Sequence[Recipient]]]:
        return windows(self.recipients)

    def message(self, ready: Ready, message_id: str, now: datetime) -> bytes | Unsendable:
        person = ready.recipient
        to = Addressee(person.user_id, ready.token, ready.traits, message_id)
        return self._templates[person.arm].render(to, Occasion(self.run.run_id, self.run.planned_at, now))
