"""PresenceStore on DynamoDB, key `user_id`: JSON text in `document`, its `version`, and `expires_at`, after which it is forgotten."""

from collections.abc import Mapping, Sequence

from regulars.adapters.documents.presences import presence_document, presence_of
from regulars.adapters.dynamo_items import Items, version_condition
from regulars.domain.errors import ConflictError
from regulars.domain.places.presence import Presence
from regulars.ports import Stored


class DynamoPresences:
    """One table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the table of presences")

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored[Presence]]:
        found = self._items.get_many([{"user_id": {"S": user_id}} for user_id in dict.fromkeys(user_ids)])
        return {item["user_id"]["S"]: Stored(presence_of(item["document"]["S"]), int(item["version"]["N"])) for item in found}

    def put(self, presence: Presence, *, expected: int) -> None:
        item = {
            "user_id": {"S": presence.user_id},
            "document": {"S": presence_document(presence)},
            "version": {"N": str(expected + 1)},
            **({"expires_at": {"N": str(int(presence.forgotten_at.timestamp()))}} if presence.forgotten_at else {}),
        }
        if self._items.put_if(item, *version_condition("user_id", expected)) is not None:
            raise ConflictError(f"where {presence.user_id} is: another write came first")
