"""What one event says about a person, and when.

Of two changes the later in this order is the one that counts, in every store (`lake.order` says the same in SQL): event time, then receipt, then
place in the request, then message id.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from regulars.domain.documents import JsonObject


@dataclass(frozen=True, slots=True)
class Change:
    """`user_id` is whose the change is: a person's id, or an `anonymous_key`. `at` is the event's own time, ISO 8601 UTC with milliseconds; `tie`
    decides between those of the same moment: a text that sorts as receipt, place and message id do. Traits are those of an identify.
    `device_id` is that of a device on which they identified, or which they registered."""

    user_id: str
    at: str
    traits: JsonObject
    device_id: str | None = None
    tie: str = ""


def tie(received_ts: str, place: int, message_id: str) -> str:
    """`2026-11-21 22:15:02.000 0007 <message id>`: a batch has at most 2,500 places."""
    return f"{received_ts} {place:04d} {message_id}"


def message_of(message_id: str, anonymous_id: str | None) -> str:
    """What copies of a person's identify have in common, as `curation.known` has it for any event: the same message id from another browser is
    another message. In place of the browser's id 16 bits of its hash: every trait keeps them, and DynamoDB takes a price by the kilobyte."""
    return message_id if anonymous_id is None else f"{message_id} {hashlib.sha256(anonymous_id.encode()).hexdigest()[:4]}"


_ANONYMOUS: Final = "anonymous\n"


def anonymous_key(anonymous_id: str) -> str:
    """Under which the profile store keeps what an anonymous id told. It is nobody's user id: ids hold no line break (`collection.identifiers`)."""
    return f"{_ANONYMOUS}{anonymous_id}"


def is_anonymous(key: str) -> bool:
    """Whether it is an `anonymous_key`, and not a user id."""
    return key.startswith(_ANONYMOUS)
