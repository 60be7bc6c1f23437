"""ProfileStore on DynamoDB: one item a person, `user_id` (key), `document` (JSON text) and `version`."""

from collections.abc import Mapping, Sequence

import orjson

from regulars.adapters.documents.profiles import profile_of
from regulars.adapters.dynamo_items import Items, version_condition
from regulars.domain.errors import ConflictError
from regulars.domain.people.profile import Profile
from regulars.ports import Stored


class DynamoProfiles:
    """One table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the profile table")

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored[Profile]]:
        wanted = [{"user_id": {"S": user_id}} for user_id in dict.fromkeys(user_ids)]
        return {
            item["user_id"]["S"]: Stored(profile_of(orjson.loads(item["document"]["S"])), int(item["version"]["N"]))
            for item in self._items.get_many(wanted)
        }

    def put(self, profile: Profile, *, expected: int) -> None:
        item = {
            "user_id": {"S": profile.user_id},
            "document": {"S": orjson.dumps(profile).decode()},
            "version": {"N": str(expected + 1)},
        }
        if self._items.put_if(item, *version_condition("user_id", expected)) is not None:
            raise ConflictError("another write of this profile came first")
