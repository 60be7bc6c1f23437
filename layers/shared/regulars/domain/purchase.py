"""What a purchase is called here: which event it is, and where it says what it came to. A setting (docs/campaigns.md), for there is no knowing."""

from dataclasses import dataclass
from typing import Final

from regulars.domain.documents import JsonObject
from regulars.domain.language import Fields, Path, Value, read_name, read_path


@dataclass(frozen=True)
class Purchase:
    """`value` is what it came to, in `currency`; without `value`, nobody says."""

    event: str
    value: Path | None = None
    currency: Path = ("currency",)


USUAL: Final = Purchase("Order Completed", ("revenue",))
"""Segment's: https://segment.com/docs/connections/spec/ecommerce/v2/#order-completed"""


def read_purchase(value: Value) -> Purchase | None:
    """`{"event": NAME, "value": PATH, "currency": PATH}`, or null. Raises the value's error, which names the field."""
    if value.raw is None:
        return None
    given = Fields(value).only(("event", "value", "currency"))
    told = "value" in given and given["value"].raw is not None
    currency = read_path(given["currency"]) if "currency" in given else Purchase.currency
    return Purchase(read_name(given["event"]), read_path(given["value"]) if told else None, currency)


def purchase_document(purchase: Purchase) -> JsonObject:
    """As it can be put."""
    return {"event": purchase.event, "value": _spelled(purchase.value) if purchase.value else None, "currency": _spelled(purchase.currency)}


def _spelled(path: Path) -> str | list[str]:
    return list(path) if any("." in name for name in path) else ".".join(path)
