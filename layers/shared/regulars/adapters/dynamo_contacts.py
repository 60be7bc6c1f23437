"""ContactStore on DynamoDB: key `user_id`, the latest pushes (`pushes`, in base64), and when DynamoDB may forget them (`expires_at`, the table's time
to live). What is kept is the item's version as well: a write expects what was read."""

import struct
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Final

from regulars.adapters.dynamo_items import STATEMENTS, Item, Items, PartiQl
from regulars.domain.delivery.caps import KEPT_FOR, MARK_BYTES, Contact, Contacts

_WRITERS: Final = ThreadPoolExecutor(4, thread_name_prefix="contacts")
"""For a block of recipients (`delivery.recipients`). Has no thread before it is asked for one."""

_CONTACT: Final = struct.Struct(f">I{MARK_BYTES}s")
"""Seconds since 1970 as 32 bits without a sign (until 2106), and the message's mark."""

_KEPT_SECONDS: Final = int(KEPT_FOR.total_seconds())


class DynamoContacts:
    """One table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the table of contacts")
        self._insert = f"""INSERT INTO "{table}" VALUE {{'user_id': ?, 'pushes': ?, 'expires_at': ?}}"""
        self._update = f"""UPDATE "{table}" SET pushes = ? SET expires_at = ? WHERE user_id = ? AND pushes = ?"""

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Contacts]:
        found = self._items.get_many([{"user_id": {"S": user_id}} for user_id in dict.fromkeys(user_ids)])
        return {contacts.user_id: contacts for contacts in map(_contacts, found)}

    def put_many(self, changes: Sequence[tuple[Contacts | None, Contacts]]) -> Collection[str]:
        """As many requests as there are parts, side by side, each in the caller's context: one after the other, each block of recipients would wait
        for four answers."""
        parts = [changes[start : start + STATEMENTS] for start in range(0, len(changes), STATEMENTS)]
        if len(parts) == 1:
            return self._put(parts[0])
        under_way = [_WRITERS.submit(copy_context().run, self._put, part) for part in parts]
        return {user_id for each in under_way for user_id in each.result()}

    def _put(self, changes: Sequence[tuple[Contacts | None, Contacts]]) -> Collection[str]:
        refused = self._items.write_each([self._statement(before, after) for before, after in changes])
        return {changes[place][1].user_id for place in refused}

    def _statement(self, before: Contacts | None, after: Contacts) -> PartiQl:
        """An INSERT is refused where the item is there, an UPDATE where it is another or gone."""
        key, pushes, expires_at = {"S": after.user_id}, _pushes(after), _expires_at(after, before)
        if before is None:
            return self._insert, [key, pushes, expires_at]
        return self._update, [pushes, expires_at, key, _pushes(before)]


def _pushes(contacts: Contacts) -> Item:
    return {"S": b64encode(b"".join(_CONTACT.pack(at, mark) for at, mark in contacts.latest)).decode()}


def _contacts(item: Item) -> Contacts:
    return Contacts(item["user_id"]["S"], tuple(map(Contact._make, _CONTACT.iter_unpack(b64decode(item["pushes"]["S"])))))


def _expires_at(after: Contacts, before: Contacts | None) -> Item:
    """When the last of the pushes that the item has, or had, is too long ago to count."""
    latest = after.latest or (before.latest if before else ())
    return {"N": str((latest[-1].at if latest else 0) + _KEPT_SECONDS)}
