"""The ready-made segments, as functions of a shop's names.

Stages are of everybody who is known, one each: never bought, new, active, at risk, lapsed, won back. Their spans are ours, for a shop whose regulars
buy every few weeks; whoever sells sofas puts their own numbers. Champions are RFM by fifths of equal size, the most recent, most frequent and most
valuable at once (the score 555 of A. M. Hughes, whose fifths are of the whole database; ours are of a year):
https://rfm.migmar.com/2010/03/28/making-your-database-pay-off-using-recency-frequency-and-monetary-analysis-by-arthur-middleton-hughes

The four purposes, selection, acquisition, retention and extension, are those of customer relationship management in D. Chaffey, Digital Business and
E-Commerce Management.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from regulars.domain.documents import JsonObject
from regulars.domain.segments.lifecycle.names import Role, ShopNames

Purpose = Literal["acquisition", "retention", "extension", "selection"]
Stage = Literal["never bought", "new", "active", "at risk", "lapsed", "won back"]

NEW: Final = "30d"
"""After the first purchase."""
ACTIVE_DAYS: Final = 90
LAPSED_DAYS: Final = 180
ACTIVE: Final = f"{ACTIVE_DAYS}d"
"""Since the last purchase; after it somebody is at risk."""
LAPSED: Final = f"{LAPSED_DAYS}d"
"""Since the last purchase; whoever comes back after it is won back."""
_BOTH: Final = "270d"
"""ACTIVE and LAPSED together: whoever came back within ACTIVE after LAPSED without a purchase bought before that, or early in it."""
_YEAR: Final = "365d"


@dataclass(frozen=True)
class ReadyMade:
    """A segment that says what somebody is in the life cycle. `needs` are the things that a shop must have events of, in any order."""

    segment_id: str
    name: str
    meaning: str
    purpose: Purpose
    needs: tuple[Role, ...]
    rule: Callable[[ShopNames], JsonObject]
    stage: Stage | None = None
    one_of: bool = False

    def missing(self, names: ShopNames) -> tuple[Role, ...]:
        """What keeps it from being written: all of the needs that are not there, or, where one is enough, none."""
        absent = tuple(role for role in self.needs if names.of(role) is None)
        return () if self.one_of and len(absent) < len(self.needs) else absent

    def document(self, names: ShopNames) -> JsonObject:
        """As it is put. `missing` must be empty."""
        return {"id": self.segment_id, "name": self.name, "rule": self.rule(names)}


def ready_made() -> tuple[ReadyMade, ...]:
    """All of them, in the order of a customer's life."""
    return (*_STAGES, *_OTHERS)


def _bought(names: ShopNames, **parts: Any) -> JsonObject:
    return {"event": names.purchase, **parts}


def _never_bought(names: ShopNames) -> JsonObject:
    return {"not": _bought(names)}


def _new(names: ShopNames) -> JsonObject:
    return _bought(names, first={"within": NEW})


def _won_back(names: ShopNames) -> JsonObject:
    """The first purchase of the last ACTIVE came LAPSED or more after the one before, which may lie before _BOTH or in it."""
    long_ago = {"all": [_bought(names, within=_BOTH, first={"within": ACTIVE}), {"not": _bought(names, first={"within": _BOTH})}]}
    pause = {"sequence": [_bought(names, within=_BOTH)], "within": LAPSED, "then_not": _bought(names)}
    return {"all": [_bought(names, within=ACTIVE), {"any": [long_ago, pause]}]}


def _active(names: ShopNames) -> JsonObject:
    return {"all": [_bought(names, within=ACTIVE), {"not": _new(names)}, {"not": _won_back(names)}]}


def _at_risk(names: ShopNames) -> JsonObject:
    return {"all": [_bought(names, within=LAPSED), {"not": _bought(names, within=ACTIVE)}]}


def _lapsed(names: ShopNames) -> JsonObject:
    return {"all": [_bought(names), {"not": _bought(names, within=LAPSED)}]}


def _champions(names: ShopNames) -> JsonObject:
    fifth = {"top": "20%"}
    recent, often = _bought(names, within=_YEAR, last=fifth), _bought(names, within=_YEAR, count=fifth)
    return {"all": [recent, often, _bought(names, within=_YEAR, sum=[names.revenue], **fifth)]}


def _big_spenders(names: ShopNames) -> JsonObject:
    return _bought(names, within=_YEAR, sum=[names.revenue], top="10%")


def _one_time(names: ShopNames) -> JsonObject:
    return _bought(names, count={"eq": 1})


def _cart_abandoners(names: ShopNames) -> JsonObject:
    return {"sequence": [{"event": names.cart, "within": "7d"}], "within": "4h", "then_not": _bought(names)}


def _returning(names: ShopNames) -> JsonObject:
    return {"event": names.visit or names.view, "within": "30d", "distinct": "day", "gte": 2}


def _voices(names: ShopNames) -> JsonObject:
    return {"any": [{"event": event, "within": "90d"} for event in (names.comment, names.like) if event]}


def _signed_up(names: ShopNames) -> JsonObject:
    return {"all": [{"event": names.sign_up}, {"not": _bought(names)}]}


_BUYS: Final[tuple[Role, ...]] = ("purchase",)
_PAYS: Final[tuple[Role, ...]] = ("purchase", "revenue")
_JOINS: Final[tuple[Role, ...]] = ("sign_up", "purchase")
_FILLS: Final[tuple[Role, ...]] = ("cart", "purchase")
_COMES: Final[tuple[Role, ...]] = ("visit", "view")
_SPEAKS: Final[tuple[Role, ...]] = ("comment", "like")

_STAGES: Final = (
    ReadyMade("never-bought", "Never bought", "known, and without any purchase", "acquisition", _BUYS, _never_bought, "never bought"),
    ReadyMade("new-customers", "New customers", f"first purchase in the last {NEW}", "retention", _BUYS, _new, "new"),
    ReadyMade("active-customers", "Active customers", f"bought in the last {ACTIVE}, neither new nor back", "retention", _BUYS, _active, "active"),
    ReadyMade("at-risk", "Customers at risk", f"last purchase {ACTIVE} to {LAPSED} ago", "retention", _BUYS, _at_risk, "at risk"),
    ReadyMade("lapsed-customers", "Lapsed customers", f"last purchase more than {LAPSED} ago", "retention", _BUYS, _lapsed, "lapsed"),
    ReadyMade("won-back", "Won back", f"bought in the last {ACTIVE}, after {LAPSED} or more without", "retention", _BUYS, _won_back, "won back"),
)

_OTHERS: Final = (
    ReadyMade("signed-up-never-bought", "Signed up, never bought", "has an account, and no purchase", "acquisition", _JOINS, _signed_up),
    ReadyMade(
        "returning-visitors",
        "Returning visitors",
        "here on two days or more of the last 30",
        "acquisition",
        ("visit", "view"),
        _returning,
        None,
        True,
    ),
    ReadyMade(
        "cart-abandoners",
        "Cart abandoners",
        "left a cart in the last 7d, no purchase in the 4h after",
        "acquisition",
        ("cart", "purchase"),
        _cart_abandoners,
    ),
    ReadyMade("one-time-buyers", "One-time buyers", "exactly one purchase ever", "extension", _BUYS, _one_time),
    ReadyMade(
        "commenters-and-likers", "Commenters and likers", "commented or liked in the last 90d", "extension", ("comment", "like"), _voices, None, True
    ),
    ReadyMade("champions", "Champions", "in the top fifth by recency, by number and by value of a year's purchases", "selection", _PAYS, _champions),
    ReadyMade("big-spenders", "Big spenders", "in the top tenth by what they spent in a year", "selection", _PAYS, _big_spenders),
)
