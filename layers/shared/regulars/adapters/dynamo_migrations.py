"""The `MigrationLog` on the table of states: one item a statement, named `migration#0008#02` (its number, its place).

An item of its own makes a record one conditional write that nobody else's can be in the way of. They are read by a Scan, because what
matters is also what no file of this version knows; the table holds a few hundred small items, a page of one request.
"""

from collections.abc import Sequence
from datetime import datetime

from regulars.adapters.dynamo_items import Item, Items
from regulars.domain.errors import ConflictError
from regulars.domain.lake.migrations import AppliedStatement

_PREFIX = "migration#"


class DynamoMigrations:
    """The state table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the table of state")

    def applied(self) -> Sequence[AppliedStatement]:
        found = [_statement(item) for item in self._items.scan() if item["name"]["S"].startswith(_PREFIX)]
        return sorted(found, key=lambda done: (done.number, done.place))

    def record(self, statement: AppliedStatement) -> None:
        there = self._items.put_if(_item(statement), "attribute_not_exists(digest)")
        if there is not None and there["digest"]["S"] != statement.digest:
            where = f"{statement.name}, statement {statement.place}"
            raise ConflictError(f"{where}: another version of it was applied in the meantime")


def _item(statement: AppliedStatement) -> Item:
    return {
        "name": {"S": f"{_PREFIX}{statement.number:04d}#{statement.place:02d}"},
        "number": {"N": str(statement.number)},
        "file": {"S": statement.name},
        "place": {"N": str(statement.place)},
        "of": {"N": str(statement.of)},
        "digest": {"S": statement.digest},
        "at": {"S": statement.at.isoformat()},
    }


def _statement(item: Item) -> AppliedStatement:
    return AppliedStatement(
        number=int(item["number"]["N"]),
        name=item["file"]["S"],
        place=int(item["place"]["N"]),
        of=int(item["of"]["N"]),
        digest=item["digest"]["S"],
        at=datetime.fromisoformat(item["at"]["S"]),
    )
