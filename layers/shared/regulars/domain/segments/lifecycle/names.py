"""Which of a shop's events is its purchase, its cart, its view: by the names of Segment's e-commerce events and how others call the same.

https://segment.com/docs/connections/spec/ecommerce/v2/
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, get_args

Role = Literal["purchase", "revenue", "cart", "view", "visit", "comment", "like", "sign_up"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

USUAL: Final[Mapping[Role, tuple[str, ...]]] = MappingProxyType(
    {
        "purchase": ("Order Completed", "Order Placed", "Order Paid", "Checkout Completed", "Purchase Completed", "Purchase", "Product Purchased"),
        "revenue": ("revenue", "total", "order_total", "total_price", "value", "amount", "subtotal", "price"),
        "cart": ("Product Added", "Product Added to Cart", "Added to Cart", "Add to Cart", "Cart Updated", "Cart Viewed", "Checkout Started"),
        "view": ("Product Viewed", "Item Viewed", "View Item", "Product List Viewed"),
        "visit": ("Application Opened", "App Opened", "Session Started", "page", "Page Viewed", "screen", "Screen Viewed"),
        "comment": ("Product Reviewed", "Review Submitted", "Review Posted", "Comment Posted", "Comment Added", "Commented"),
        "like": ("Product Liked", "Liked", "Product Added to Wishlist", "Added to Wishlist", "Product Favorited", "Favorited"),
        "sign_up": ("Signed Up", "Account Created", "User Registered", "Registered", "Registration Completed"),
    }
)
"""Names for each, the most telling first. Revenue is a property of the purchase."""

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


@dataclass(frozen=True)
class ShopNames:
    """What things are called here; None where there is no such thing."""

    purchase: str | None = None
    revenue: str | None = None
    cart: str | None = None
    view: str | None = None
    visit: str | None = None
    comment: str | None = None
    like: str | None = None
    sign_up: str | None = None

    def of(self, role: Role) -> str | None:
        name: str | None = getattr(self, role)
        return name


def recognised(known: Mapping[str, Collection[str]], given: ShopNames) -> ShopNames:
    """`known` has the properties of each event that was ever sent; a name that is given stands, whether it was sent or not.

    >>> recognised({"order_completed": ["Total"]}, ShopNames())
    ShopNames(purchase='order_completed', revenue='Total', cart=None, view=None, visit=None, comment=None, like=None, sign_up=None)
    """
    found = {role: given.of(role) or _found(USUAL[role], known) for role in ROLES if role != "revenue"}
    properties = known.get(found["purchase"] or "", ())
    return ShopNames(**found, revenue=given.revenue or _found(USUAL["revenue"], properties))


def _found(usual: Collection[str], known: Collection[str]) -> str | None:
    """The first of the usual names that is there, letter for letter or in other words' clothes."""
    folded: dict[tuple[str, ...], str] = {}
    for name in sorted(known):
        folded.setdefault(_folded(name), name)
    return next((name if name in known else folded[_folded(name)] for name in usual if name in known or _folded(name) in folded), None)


def _folded(name: str) -> tuple[str, ...]:
    """The words without case, order and ending: `order_completed`, `Completed Order` and `OrderComplete` are one."""
    return tuple(sorted(re.sub(r"(ed|e|s)$", "", word.lower()) for word in _WORD.findall(name)))
