"""Whether one person is in a segment: the same answer as the whole audience gives, whatever shape its statement has."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.errors import InvalidRuleError
from regulars.domain.person.memberships import membership_sql
from regulars.domain.segments import reachable_segments
from tests.domain.segments.judges import accepted
from tests.domain.segments.lake import Lake

AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
BOUGHT: dict[str, Any] = {"event": "Order Completed"}
PRO: dict[str, Any] = {"trait": "plan", "eq": "pro"}


def event(user: str | None, name: str, days: int, *, anonymous: str | None = None, kind: str = "track", **traits: Any) -> dict[str, Any]:
    when = {"event_ts": AS_OF - timedelta(days=days), "type": kind, "traits": traits or None, "message_id": f"{user}-{name}-{days}"}
    return {"user_id": user, "anonymous_id": anonymous, "event_name": name, "properties": {}, **when}


HISTORY = [
    event("ada", "Order Completed", 9),
    event("ada", "identify", 8, kind="identify", plan="free"),
    event("bob", "identify", 7, kind="identify", plan="pro"),
    event(None, "Order Completed", 6, anonymous="phone"),
    event("cyd", "Signed In", 5, anonymous="phone"),
    event("dan", "Order Completed", 4),
    event("dan-2", "alias", 3, kind="alias", anonymous="dan"),
]


@pytest.fixture(scope="module")
def lake() -> Lake:
    lake = Lake()
    lake.fill(HISTORY)
    return lake


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        (BOUGHT, ["ada", "cyd"]),
        ({"any": [BOUGHT, PRO]}, ["ada", "bob", "cyd"]),
        ({"all": [BOUGHT, {"not": PRO}]}, ["ada"]),
        ({"not": BOUGHT}, ["bob"]),
        ({"trait": "plan", "exists": False}, ["cyd"]),
        ({"everyone": True}, ["ada", "bob", "cyd"]),
        ({"segment": "buyers"}, ["ada", "cyd"]),
    ],
)
def test_a_person_is_in_exactly_the_segments_that_select_them(lake: Lake, rule: dict[str, Any], people: list[str]) -> None:
    documents = {"asked": {"id": "asked", "name": "Asked", "rule": rule}, "buyers": {"id": "buyers", "name": "Buyers", "rule": BOUGHT}}
    statements = {
        person: membership_sql(person, "asked", AS_OF, reachable_segments(["asked"], documents)) for person in ("ada", "bob", "cyd", "nobody")
    }
    accepted(statements["ada"])
    assert {person: lake.column(sql) for person, sql in statements.items()} == {person: [person] if person in people else [] for person in statements}


def test_a_segment_that_names_one_which_is_gone_is_refused() -> None:
    with pytest.raises(InvalidRuleError, match="gone"):
        documents = {"asked": {"id": "asked", "name": "Asked", "rule": {"segment": "gone"}}}
        membership_sql("ada", "asked", AS_OF, reachable_segments(["asked"], documents))
