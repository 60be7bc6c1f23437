"""ImportStore on DynamoDB: key `import_id` and `part`.

<id>    import                 the import: its JSON text in `document`, and once they are known how many `parts` it has
<id>    part#000001            a part: its `document` and `version`
list    <started_at>#<id>      every import, by its start
"""

from collections.abc import Sequence
from datetime import UTC
from itertools import islice

import orjson

from regulars.adapters.documents.imports import import_document, import_of, part_document, part_of
from regulars.adapters.dynamo_items import Item, Items, version_condition
from regulars.domain.errors import ConflictError, NotFoundError
from regulars.domain.imports.job import Import, Part
from regulars.ports import Stored

_IMPORT = "import"
_LIST = "list"


class DynamoImports:
    """One table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the table of imports")

    def create(self, job: Import) -> bool:
        place = f"{job.started_at.astimezone(UTC).isoformat(timespec='microseconds')}#{job.id}"
        item = {**_key(job.id, _IMPORT), "document": {"S": orjson.dumps(import_document(job)).decode()}}
        condition, _ = version_condition("import_id", 0)
        return not self._items.put_all([{"Item": item, "ConditionExpression": condition}, {"Item": {**_key(_LIST, place), "listed": {"S": job.id}}}])

    def get(self, import_id: str) -> Import:
        item = self._items.get(_key(import_id, _IMPORT))
        if item is None:
            raise NotFoundError(f"there is no import {import_id}")
        return _import(item)

    def close(self, import_id: str, parts: int) -> None:
        item = self._items.update_if(_key(import_id, _IMPORT), "SET parts = :n", "attribute_exists(import_id)", {":n": {"N": str(parts)}})
        if not item:
            raise NotFoundError(f"there is no import {import_id}")

    def listed(self, *, limit: int = 50) -> Sequence[Import]:
        found = self._items.query("import_id = :list", {":list": {"S": _LIST}}, ScanIndexForward=False)
        ids = [entry["listed"]["S"] for entry in islice(found, limit)]
        known = {item["import_id"]["S"]: _import(item) for item in self._items.get_many([_key(each, _IMPORT) for each in ids])}
        return [known[each] for each in ids]

    def add_part(self, part: Part) -> bool:
        return self._items.put_if(_item(part, version=1), *version_condition("import_id", 0)) is None

    def part(self, import_id: str, number: int) -> Stored[Part]:
        item = self._items.get(_key(import_id, _part(number)))
        if item is None:
            raise NotFoundError(f"import {import_id} has no part {number}")
        return Stored(part_of(orjson.loads(item["document"]["S"])), int(item["version"]["N"]))

    def put_part(self, part: Part, *, expected: int) -> None:
        if self._items.put_if(_item(part, version=expected + 1), *version_condition("import_id", expected)) is not None:
            raise ConflictError(f"part {part.number} of {part.import_id}: another write came first")

    def parts(self, import_id: str) -> Sequence[Part]:
        found = self._items.query("import_id = :id AND begins_with(part, :part)", {":id": {"S": import_id}, ":part": {"S": "part#"}})
        return [part_of(orjson.loads(item["document"]["S"])) for item in found]


def _key(import_id: str, part: str) -> Item:
    return {"import_id": {"S": import_id}, "part": {"S": part}}


def _part(number: int) -> str:
    return f"part#{number:06d}"


def _item(part: Part, *, version: int) -> Item:
    document = orjson.dumps(part_document(part)).decode()
    return {**_key(part.import_id, _part(part.number)), "document": {"S": document}, "version": {"N": str(version)}}


def _import(item: Item) -> Import:
    """How many parts there are is kept beside the document: it is all that changes."""
    parts = item.get("parts")
    return import_of({**orjson.loads(item["document"]["S"]), **({"parts": int(parts["N"])} if parts else {})})
