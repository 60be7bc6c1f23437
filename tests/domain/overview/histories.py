"""Small histories of a shop, and what an overview of them must say, counted person by person and month by month without SQL."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from regulars.domain.overview.calendar import Month, Months, month_of

AS_OF: Final = datetime(2017, 10, 12, 6, tzinfo=UTC)
MONTHS: Final = Months(AS_OF, 4)
ACTIVE, LAPSED = timedelta(days=90), timedelta(days=180)
USERS, BROWSERS = ("ada", "bob", "cy"), ("a1", "a2")


@dataclass(frozen=True)
class Did:
    """One event: of a person, of a browser, or of both."""

    user: str | None
    browser: str | None
    name: str
    type: str
    moment: datetime
    amount: Any = None
    traffic: str | None = None

    def row(self, number: int) -> dict[str, Any]:
        # The lake's moments have no zone.
        moment = self.moment.replace(tzinfo=None)
        row = {"message_id": f"m{number:03d}", "user_id": self.user, "anonymous_id": self.browser, "type": self.type, "event_name": self.name}
        return {
            **row,
            "event_ts": moment,
            "properties": f'{{"revenue": {self.amount}}}' if self.amount is not None else None,
            "traffic": self.traffic,
        }


@dataclass(frozen=True)
class Claim:
    """Of a browser, or of a person who was renamed."""

    id: str
    user: str
    since: datetime

    def row(self) -> dict[str, Any]:
        kind = "anonymous" if self.id in BROWSERS else "user"
        return {"kind": kind, "id": self.id, "user_id": self.user, "since_ts": self.since.replace(tzinfo=None)}


_DAYS = st.one_of(st.integers(-3, 420), st.sampled_from([12, 42, 89, 90, 91, 102, 132, 179, 180, 181, 192, 222, 270]))
_MOMENTS = _DAYS.map(lambda days: AS_OF - timedelta(days=days))
_WHO = st.one_of(st.tuples(st.sampled_from(USERS), st.none()), st.tuples(st.none(), st.sampled_from(BROWSERS)))
_WHAT = st.sampled_from(
    [*[("Order Completed", "track")] * 6, ("Product Viewed", "track"), ("page", "page"), ("Reviewed", "track"), ("identify", "identify")]
)
_AMOUNTS = st.sampled_from([None, 1, 20, '"2.5"', '"NaN"', "1e999"])
_TRAFFIC = st.sampled_from([None, None, None, None, "bot"])

events = st.lists(
    st.builds(lambda who, what, *rest: Did(*who, *what, *rest), _WHO, _WHAT, _MOMENTS, _AMOUNTS, _TRAFFIC),
    max_size=14,
    unique_by=lambda did: did.moment,
)
claims = st.lists(st.builds(Claim, st.sampled_from([*BROWSERS, "bob"]), st.just("ada"), _MOMENTS), max_size=2, unique_by=lambda claim: claim.id)

_UNREADABLE = (None, '"NaN"', "1e999")


@dataclass(frozen=True)
class Shop:
    """What is known of it by the moment."""

    done: Iterable[Did]
    claimed: Iterable[Claim] = ()
    as_of: datetime = AS_OF

    def person(self, did: Did) -> str | None:
        owner = {claim.id: claim.user for claim in self.claimed if claim.since < self.as_of}
        return owner.get(did.user, did.user) if did.user else owner.get(did.browser or "")

    def visitor(self, did: Did) -> tuple[str | None, str | None]:
        person = self.person(did)
        return person, None if person else did.browser

    @property
    def seen(self) -> list[Did]:
        return [did for did in self.done if did.moment < self.as_of and did.traffic is None]

    @property
    def orders(self) -> Mapping[tuple[str | None, str | None], list[datetime]]:
        found = defaultdict[tuple[str | None, str | None], list[datetime]](list)
        for did in sorted(self.seen, key=lambda did: did.moment):
            if did.name == "Order Completed":
                found[self.visitor(did)].append(did.moment)
        return found

    @property
    def customers(self) -> list[list[datetime]]:
        return [moments for (person, _), moments in self.orders.items() if person]

    def month(self, month: Month) -> tuple[int, int, int, int, int, float | None]:
        """reached, acted, converted, engaged, orders, revenue"""
        there = [did for did in self.seen if month_of(did.moment) == month and did.type != "identify"]
        acted = {self.visitor(did) for did in there if did.name in ("Order Completed", "Reviewed")}
        orders = {visitor: [moment for moment in moments if month_of(moment) == month] for visitor, moments in self.orders.items()}
        again = [visitor for visitor, moments in orders.items() if any(moment != self.orders[visitor][0] for moment in moments)]
        amounts = [float(str(did.amount).strip('"')) for did in there if did.name == "Order Completed" and did.amount not in _UNREADABLE]
        visitors = {self.visitor(did) for did in there}
        bought = sum(map(bool, orders.values())), len(again), sum(map(len, orders.values()))
        return len(visitors), len(acted), *bought, round(sum(amounts), 2) if amounts else None

    def flow(self, month: Month) -> tuple[int, int, int, int, int, int, int]:
        """new, won_back, lapsed, customers, active, at_risk, gone"""
        end = min(month.end, self.as_of)
        new = sum(month_of(moments[0]) == month for moments in self.customers)
        won_back = lapsed = 0
        for moments in self.customers:
            for moment, following in zip(moments, [*moments[1:], None], strict=True):
                lapses = following is None or following - moment >= LAPSED
                lapsed += lapses and month_of(moment + LAPSED) == month and moment + LAPSED < self.as_of
                won_back += following is not None and following - moment >= LAPSED and month_of(following) == month
        before = [[moment for moment in moments if moment < end] for moments in self.customers]
        last = [moments[-1] for moments in before if moments]
        active, gone = sum(moment >= end - ACTIVE for moment in last), sum(moment < end - LAPSED for moment in last)
        return new, won_back, lapsed, len(last), active, len(last) - active - gone, gone

    def cohort(self, first: Month, months: Iterable[Month] = MONTHS) -> list[int]:
        """How many of it ordered in each month since."""
        cohort = [moments for moments in self.customers if month_of(moments[0]) == first]
        return [sum(any(month_of(moment) == month for moment in moments) for moments in cohort) for month in months if month >= first]
