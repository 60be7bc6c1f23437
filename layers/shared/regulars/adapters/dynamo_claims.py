"""ClaimStore on DynamoDB: key `name`, who took it (`holder`), and when DynamoDB may forget it (`expires_at`, the table's time to live)."""

import time
from typing import Final

from regulars.adapters.dynamo_items import Item, Items

LIFE_SECONDS: Final = 30 * 24 * 3600
"""As long as the journal's objects live (template.yaml, LakeBucket). An execution can be redriven for 14 days at most
(https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html)."""


class DynamoClaims:
    """One table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the table of claims")

    def hold(self, name: str, *, holder: str) -> bool:
        there = self._items.put_if(_item(name, holder), "attribute_not_exists(holder)")
        return there is None or there["holder"]["S"] == holder


def _item(name: str, holder: str) -> Item:
    return {"name": {"S": name}, "holder": {"S": holder}, "expires_at": {"N": str(int(time.time()) + LIFE_SECONDS)}}
