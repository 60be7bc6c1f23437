"""ProfileStore on DynamoDB: one item a person, `user_id` (key), `document` (JSON text) and `version`.

Many are written as PartiQL statements, of which one request takes 25, each with a condition of its own and at a put's price. BatchWriteItem knows no
conditions; a transaction costs twice, and one refused condition undoes its neighbours; requests of one item each cost ten times the CPU.
"""

from collections.abc import Collection, Mapping, Sequence

import orjson

from regulars.adapters.documents.profiles import profile_of
from regulars.adapters.dynamo_items import Item, Items, PartiQl, version_condition
from regulars.domain.errors import ConflictError
from regulars.domain.people.profile import Profile
from regulars.ports import Stored


class DynamoProfiles:
    """One table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the profile table")
        self._insert = f"""INSERT INTO "{table}" VALUE {{'user_id': ?, 'document': ?, 'version': ?}}"""
        self._update = f"""UPDATE "{table}" SET document = ? SET version = ? WHERE user_id = ? AND version = ?"""

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored[Profile]]:
        wanted = [{"user_id": {"S": user_id}} for user_id in dict.fromkeys(user_ids)]
        return {
            item["user_id"]["S"]: Stored(profile_of(orjson.loads(item["document"]["S"])), int(item["version"]["N"]))
            for item in self._items.get_many(wanted)
        }

    def put(self, profile: Profile, *, expected: int) -> None:
        item = {"user_id": {"S": profile.user_id}, "document": _document(profile), "version": {"N": str(expected + 1)}}
        if self._items.put_if(item, *version_condition("user_id", expected)) is not None:
            raise ConflictError("another write of this profile came first")

    def put_many(self, profiles: Sequence[Stored[Profile]]) -> Collection[str]:
        refused = self._items.write_each([self._statement(stored.value, stored.version) for stored in profiles])
        return {profiles[place].value.user_id for place in refused}

    def _statement(self, profile: Profile, expected: int) -> PartiQl:
        """An INSERT is refused where the item is there, an UPDATE where its condition does not hold."""
        document, user_id, version = _document(profile), {"S": profile.user_id}, {"N": str(expected + 1)}
        if not expected:
            return self._insert, [user_id, document, version]
        return self._update, [document, version, user_id, {"N": str(expected)}]


def _document(profile: Profile) -> Item:
    return {"S": orjson.dumps(profile).decode()}
