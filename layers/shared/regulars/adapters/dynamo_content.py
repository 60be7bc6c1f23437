"""What is kept of content, in one table: key `kind` and `name`.

feed     <id>         a feed and how its polling stands, as JSON text in `document`, and its `version`
item     <32 hex>     one of an item's keys: `at`, and `settled` once nobody is to be told of it any more; `said`, a hash of what people were told
secret   <source>     what a source signs its content with: `secret`, `made_at`, and the one before with its end

Items stay for ever, some 150 bytes each: however late an old article comes again, it is known.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from regulars.adapters.documents.polling import polling_document, polling_of
from regulars.adapters.dynamo_items import Item, Items, version_condition
from regulars.domain.content.feed import Polling
from regulars.domain.content.signature import SigningSecret
from regulars.domain.errors import ConflictError, NotFoundError
from regulars.ports import Known, Stored

_TABLE: Final = "the table of content"


class DynamoContentLedger:
    """The items of the kind `item`."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, _TABLE)

    def settled(self, keys: Collection[str]) -> Mapping[str, Known]:
        found = self._items.get_many([_key("item", key) for key in dict.fromkeys(keys)])
        return {item["name"]["S"]: _known(item) for item in found if "settled" in item}

    def take(self, key: str, at: datetime) -> datetime | None:
        there = self._items.put_if({**_key("item", key), "at": {"S": at.isoformat()}}, "attribute_not_exists(kind)")
        if there is None:
            return at
        return None if "settled" in there else datetime.fromisoformat(there["at"]["S"])

    def settle(self, keys: Sequence[str], known: Known) -> None:
        said = {"said": {"S": known.said}} if known.said else {}
        for key in keys:
            self._items.put({**_key("item", key), "at": {"S": known.at.isoformat()}, "settled": {"BOOL": True}, **said})


class DynamoFeeds:
    """The items of the kind `feed`."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, _TABLE)

    def get(self, feed_id: str) -> Stored[Polling]:
        item = self._items.get(_key("feed", feed_id))
        if item is None:
            raise NotFoundError(f"there is no feed {feed_id}")
        return Stored(polling_of(item["document"]["S"]), int(item["version"]["N"]))

    def all(self) -> Sequence[Polling]:
        return [polling_of(item["document"]["S"]) for item in self._items.query("kind = :kind", {":kind": {"S": "feed"}})]

    def put(self, polling: Polling, *, expected: int) -> None:
        item = {**_key("feed", polling.feed.id), "document": {"S": polling_document(polling)}, "version": {"N": str(expected + 1)}}
        if self._items.put_if(item, *version_condition("kind", expected)) is not None:
            raise ConflictError(f"feed {polling.feed.id}: another write came first")

    def remove(self, feed_id: str) -> None:
        self._items.delete(_key("feed", feed_id))


class DynamoSigningSecrets:
    """The items of the kind `secret`."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, _TABLE)

    def get(self, source: str) -> SigningSecret | None:
        item = self._items.get(_key("secret", source))
        if item is None:
            return None
        ends_at = datetime.fromisoformat(item["before_ends_at"]["S"]) if "before_ends_at" in item else None
        return SigningSecret(source, item["secret"]["S"], datetime.fromisoformat(item["made_at"]["S"]), item.get("before", {}).get("S", ""), ends_at)

    def put(self, secret: SigningSecret) -> None:
        before = {"before": {"S": secret.before}} if secret.before else {}
        ends = {"before_ends_at": {"S": secret.before_ends_at.isoformat()}} if secret.before_ends_at else {}
        self._items.put(
            {**_key("secret", secret.source), "secret": {"S": secret.text}, "made_at": {"S": secret.made_at.isoformat()}, **before, **ends}
        )


def _known(item: Item) -> Known:
    return Known(datetime.fromisoformat(item["at"]["S"]), item.get("said", {}).get("S", ""))


def _key(kind: str, name: str) -> Item:
    return {"kind": {"S": kind}, "name": {"S": name}}
