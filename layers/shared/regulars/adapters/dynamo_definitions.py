"""DefinitionStore on DynamoDB: key `kind` and `name`, the document as JSON text in `document`, `version`, `at`, `by` and `archived`.

segment          <id>#00000001    each version, which never changes again
segment#latest   <id>             a copy of the newest: the partition that lists and counts read
segment#latest   #                once the copies of before (`<id>#latest`, among the versions) have been taken over
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import orjson

from regulars.adapters.dynamo_items import Item, Items
from regulars.domain.definitions import Definition, DefinitionKind, require_newest
from regulars.domain.documents import JsonObject
from regulars.domain.errors import ConflictError, NotFoundError

PUT_ATTEMPTS = 5
"""How often a put makes room for another that came first."""

_TAKEN_OVER: Final = "#"
_LATEST: Final = "#latest"
_OF_BEFORE: Final[frozenset[DefinitionKind]] = frozenset({"segment", "campaign"})
"""The kinds that a version before kept, whose copies may have to be taken over."""

_ABSENT: Final = "attribute_not_exists(kind)"


class DynamoDefinitions:
    """One table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the table of definitions")

    def put(self, kind: DefinitionKind, identity: str, document: JsonObject, *, at: datetime, by: str, after: int | None = None) -> Definition:
        """Raises StaleVersionError, ConflictError after five puts of others in a row, StoreUnavailableError."""
        for _ in range(PUT_ATTEMPTS):
            newest = self._latest(kind, identity)
            before = newest.version if newest else 0
            require_newest(kind, identity, before, after)
            made = Definition(kind, identity, before + 1, document, at, by)
            version = {"Item": _item(made, kind, f"{identity}#{made.version:08d}"), "ConditionExpression": _ABSENT}
            if not self._items.put_all([version, {"Item": _item(made, _latest_of(kind), identity)}]):
                return made
        raise ConflictError(f"{kind} {identity} is being saved by others; try again")

    def get(self, kind: DefinitionKind, identity: str, version: int | None = None) -> Definition:
        found = self._latest(kind, identity)
        if found is not None and version not in (None, found.version):
            item = self._items.get(_key(kind, f"{identity}#{version:08d}"))
            found = _definition(item, kind) if item else None
        if found is None:
            raise NotFoundError(f"there is no {kind} {identity}" if version is None else f"there is no version {version} of {kind} {identity}")
        return found

    def all(self, kind: DefinitionKind) -> Sequence[Definition]:
        items = list(self._partition(_latest_of(kind)))
        if kind in _OF_BEFORE and not any(item["name"]["S"] == _TAKEN_OVER for item in items):
            self._take_over(kind)
            items = list(self._partition(_latest_of(kind)))
        return [_definition(item, kind) for item in items if item["name"]["S"] != _TAKEN_OVER]

    def versions(self, kind: DefinitionKind, identity: str) -> Sequence[Definition]:
        newest = self.get(kind, identity)
        condition, values = "kind = :kind AND begins_with(#name, :id)", {":kind": {"S": kind}, ":id": {"S": f"{identity}#"}}
        items = self._items.query(condition, values, names={"#name": "name"}, ScanIndexForward=False)
        found = [_definition(item, kind) for item in items if not item["name"]["S"].endswith(_LATEST)]
        return [replace(each, archived=newest.archived and each.version == newest.version) for each in found]

    def archive(self, kind: DefinitionKind, identity: str) -> Definition:
        archived = replace(self.get(kind, identity), archived=True)
        condition, values = "attribute_not_exists(version) OR version = :version", {":version": {"N": str(archived.version)}}
        if self._items.put_if(_item(archived, _latest_of(kind), identity), condition, values) is not None:
            raise ConflictError(f"{kind} {identity} is being saved by others; try again")
        return archived

    def _latest(self, kind: DefinitionKind, identity: str) -> Definition | None:
        item = self._items.get(_key(_latest_of(kind), identity))
        if item is None and kind in _OF_BEFORE:
            item = self._items.get(_key(kind, f"{identity}{_LATEST}"))
        return _definition(item, kind) if item else None

    def _partition(self, partition: str) -> Sequence[Item]:
        return list(self._items.query("kind = :kind", {":kind": {"S": partition}}))

    def _take_over(self, kind: DefinitionKind) -> None:
        """Copies the newest ones of before to where they belong, but for those that were saved since. Done twice, it changes nothing."""
        for item in self._partition(kind):
            identity, old, _ = item["name"]["S"].partition(_LATEST)
            if old:
                self._items.put_if({**item, **_key(_latest_of(kind), identity)}, _ABSENT)
        self._items.put_if(_key(_latest_of(kind), _TAKEN_OVER), _ABSENT)


def _latest_of(kind: DefinitionKind) -> str:
    return f"{kind}{_LATEST}"


def _key(kind: str, name: str) -> Item:
    return {"kind": {"S": kind}, "name": {"S": name}}


def _item(definition: Definition, kind: str, name: str) -> Item:
    return {
        **_key(kind, name),
        "document": {"S": orjson.dumps(definition.document).decode()},
        "version": {"N": str(definition.version)},
        "at": {"S": definition.saved_at.isoformat()},
        "by": {"S": definition.saved_by},
        "archived": {"BOOL": definition.archived},
    }


def _definition(item: Item, kind: DefinitionKind) -> Definition:
    document = orjson.loads(item["document"]["S"])
    archived = item.get("archived", {}).get("BOOL", False)
    saved_at = datetime.fromisoformat(item["at"]["S"])
    return Definition(kind, document["id"], int(item["version"]["N"]), document, saved_at, item["by"]["S"], archived)
