"""What becomes of a recipient, and how the lake keeps it.

A person with several devices counts once, by the best that any of them had: sent, else unknown, else failed, else skipped.
"""

import gzip
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple

import orjson

from regulars.domain.delivery.recipients import Recipient

Outcome = Literal["sent", "unknown", "failed", "skipped"]

Fate = tuple[Outcome, str]
"""An outcome and its reason, which is empty for what was sent."""

BETTER_FIRST: Final[tuple[Outcome, ...]] = ("sent", "unknown", "failed", "skipped")

MESSAGE_ID_LENGTH = 32


def message_id(run_id: str, user_id: str, address: str) -> str:
    """32 hexadecimal digits: the same for the same run, person and address, whoever computes it and however often."""
    return hashlib.sha256("\0".join((run_id, user_id, address)).encode()).hexdigest()[:MESSAGE_ID_LENGTH]


class Settled(NamedTuple):
    """What became of one recipient, when. `reason` is empty for what was sent."""

    recipient: Recipient
    message_id: str
    outcome: Outcome
    reason: str
    at: datetime

    def row(self, campaign_id: str) -> Mapping[str, str | None]:
        """As `raw_deliveries` keeps it."""
        person = self.recipient
        return {
            "campaign_id": campaign_id,
            "user_id": person.user_id,
            "device_id": person.device_id or None,
            "arm": person.arm,
            "message_id": self.message_id,
            "outcome": self.outcome,
            "reason": self.reason or None,
            "delivered_ts": self.at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds"),
        }


def outcome_lines(rows: Iterable[Mapping[str, str | None]]) -> bytes:
    """An object of `raw_deliveries`: gzipped NDJSON, in an order that does not depend on which answer came first."""
    ordered = sorted(rows, key=lambda row: (row["user_id"] or "", row["device_id"] or ""))
    return gzip.compress(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in ordered), compresslevel=1)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an object says of one recipient."""

    message_id: str
    user_id: str
    outcome: Outcome
    reason: str


def recorded(body: bytes) -> Iterator[Recorded]:
    """Those in an object of `outcome_lines`."""
    for line in filter(None, gzip.decompress(body).splitlines()):
        row = orjson.loads(line)
        yield Recorded(row["message_id"], row["user_id"], row["outcome"], row["reason"] or "")
