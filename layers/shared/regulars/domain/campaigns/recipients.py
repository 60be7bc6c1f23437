"""The people of a shard, as UNLOAD wrote them: gzipped NDJSON of `user_id, arm, traits, device_id, token, platform`."""

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from regulars.domain.campaigns.run import WINDOW
from regulars.domain.messages.rendering import Recipient, message_id


def read_recipients(body: bytes) -> list[Recipient]:
    """In the order of the file, which never changes. Nulls are absent: JSON of UNLOAD leaves them out or writes null."""
    return [_recipient(orjson.loads(line)) for line in gzip.decompress(body).splitlines() if line]


def windows(recipients: Sequence[Recipient]) -> Iterator[tuple[int, Sequence[Recipient]]]:
    """Each window's number and its recipients."""
    for start in range(0, len(recipients), WINDOW):
        yield start // WINDOW, recipients[start : start + WINDOW]


def outcome_row(campaign_id: str, run_id: str, person: Recipient, outcome: str, reason: str, at: datetime) -> dict[str, Any]:
    """One row of raw_deliveries (infra/migrations/0006_raw_deliveries.sql)."""
    return {
        "campaign_id": campaign_id,
        "user_id": person.user_id,
        "device_id": person.device_id or None,
        "arm": person.arm,
        "message_id": message_id(run_id, person.user_id, person.device_id),
        "outcome": outcome,
        "reason": reason or None,
        "delivered_ts": at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
    }


def packed(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Gzipped NDJSON."""
    return gzip.compress(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows), compresslevel=1)


def recorded_messages(body: bytes) -> set[str]:
    """The message ids in an object of `packed` outcome rows."""
    return {orjson.loads(line)["message_id"] for line in gzip.decompress(body).splitlines() if line}


def with_current_traits(person: Recipient, profile: Mapping[str, Any]) -> Mapping[str, Any]:
    """The lake's traits, and over them what is known now."""
    return {**person.traits, **{name: kept["value"] for name, kept in profile.get("traits", {}).items()}}


def _recipient(row: Mapping[str, Any]) -> Recipient:
    traits = orjson.loads(row["traits"]) if row.get("traits") else {}
    return Recipient(
        user_id=row["user_id"],
        arm=row["arm"],
        traits=traits if isinstance(traits, dict) else {},
        device_id=row.get("device_id") or "",
        token=row.get("token") or "",
    )
