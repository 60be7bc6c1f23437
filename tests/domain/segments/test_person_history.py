"""What is fetched of one person is enough to say what the rule says of them, and no more than the rule asks for."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given

from regulars.domain.errors import InvalidRuleError, QueryFailedError
from regulars.domain.lake.sql import printed
from regulars.domain.queries import ResultRow
from regulars.domain.segments import parse_rule, reachable_segments
from regulars.domain.segments.evaluate import evaluate
from regulars.domain.segments.person_history import MARGIN, MOST_EVENTS, FoundPerson, history_sql, person_of, ranks_asked
from tests.domain.segments.judges import accepted, known_names
from tests.domain.segments.lake import Lake, Row
from tests.domain.segments.people import histories as histories_of
from tests.domain.segments.people import ranked
from tests.domain.segments.rules import AS_OF, SEGMENTS, histories, rules
from tests.domain.segments.test_meaning import event, identify
from tests.domain.segments.test_messages import push
from tests.drawn import drawn

DAY = timedelta(days=1)
BOUGHT: dict[str, Any] = {"event": "Order Completed"}
WHOLE = {
    "all": [
        {**BOUGHT, "within": "10d", "sum": "revenue", "gte": 1},
        {"event": "Product Viewed"},
        {"any": [{"trait": "plan", "eq": "pro"}, {"trait": "address.city", "eq": "Lyon"}]},
        {"message": "sent", "campaign": "spring"},
        {"sequence": [BOUGHT, {"event": "Cart Updated", "within": "30d"}], "within": "1d"},
    ]
}


@pytest.fixture(scope="module")
def lake() -> Iterator[Lake]:
    yield Lake()


def fetched(lake: Lake, rule: Any, user: str) -> FoundPerson:
    tree, segments = parse_rule(rule), reachable_segments(SEGMENTS, SEGMENTS)
    sql = printed(history_sql(tree, user, AS_OF, segments))
    known_names(sql)
    return person_of(user, [_answered(row) for row in lake.rows(sql)], AS_OF, ranks_asked(tree, segments))


def _answered(row: dict[str, Any]) -> ResultRow:
    """As Athena answers: every value as text."""
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="microseconds")
    return None if value is None else str(value)


@drawn(8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories(), rules)
def test_it_is_enough_to_judge_the_rule_by(lake: Lake, rows: list[Row], rule: Any) -> None:
    lake.fill(rows)
    lake.deliver([])
    tree, segments = parse_rule(rule), reachable_segments(SEGMENTS, SEGMENTS)
    for user, whole in ranked(tree, histories_of(rows, [], AS_OF), AS_OF, segments).items():
        found = fetched(lake, rule, user)
        assert evaluate(tree, found.history, AS_OF, segments) is evaluate(tree, whole, AS_OF, segments), (user, found)


def test_two_other_parsers_of_trino_accept_it() -> None:
    accepted(printed(history_sql(parse_rule(WHOLE), "ann", AS_OF, {})))
    accepted(printed(history_sql(parse_rule({"everyone": True}), "it's", AS_OF, {})))


def test_it_has_the_rows_of_one_person_and_all_their_ids_that_the_rule_asks_for(lake: Lake) -> None:
    rows = [
        {**event("ann", "Order Completed", DAY, revenue=7), "message_id": "counts"},
        {**event("ann", "Order Completed", 10 * DAY + MARGIN - DAY), "message_id": "near"},
        {**event("ann", "Refunded", DAY), "message_id": "not asked for"},
        {**event("bob", "Order Completed", DAY), "message_id": "of another"},
        {**event(None, "Order Completed", 2 * DAY, revenue=1), "message_id": "anonymous", "anonymous_id": "a1"},
        {**event("ann", "Product Viewed", 400 * DAY, price=7), "message_id": "long ago", "anonymous_id": "a1"},
        {**event("ann", "Order Completed", -DAY), "message_id": "later"},
        identify("ann", 9 * DAY, "free", plan="free"),
        identify("ann", 2 * DAY, "pro", plan="pro"),
        identify("ann", DAY, "lyon", address={"city": "Lyon"}),
        identify("ann", DAY, "age", age=7),
    ]
    lake.fill(rows)
    lake.deliver([push("ann", "r1", "sent", DAY), push("ann", "r2", "sent", DAY, "autumn"), push("bob", "r1", "sent", DAY)])
    found = fetched(lake, {"all": WHOLE["all"][:4]}, "ann").history
    assert sorted(each.message_id for each in found.events) == ["anonymous", "counts", "long ago", "lyon", "near", "pro"]
    assert {each.message_id: each.properties for each in found.events if each.name == "Product Viewed"} == {"long ago": None}
    assert [(each.run_id, each.outcome) for each in found.deliveries] == [("r1", "sent")]
    assert found.first_seen == AS_OF - 400 * DAY


def test_an_identify_call_that_is_counted_and_tells_a_trait_is_one_event(lake: Lake) -> None:
    lake.fill([identify("ann", DAY, "i1", plan="pro")])
    (only,) = fetched(
        lake, {"all": [{"event": "identify", "where": [{"property": "a", "exists": False}]}, {"trait": "plan", "eq": "pro"}]}, "ann"
    ).history.events
    assert only.traits == '{"plan":"pro"}'


def test_who_became_another_is_told_and_nobody_of_their_own(lake: Lake) -> None:
    lake.fill(
        [
            {**event("old", "Order Completed", 3 * DAY), "message_id": "1"},
            {**event("ann", "alias", DAY, previousId="old"), "type": "alias", "message_id": "2"},
        ]
    )
    was, now = fetched(lake, BOUGHT, "old"), fetched(lake, BOUGHT, "ann")
    assert (was.became, was.history.first_seen) == ("ann", None)
    assert (now.became, [each.message_id for each in now.history.events]) == (None, ["1"])


def test_more_than_can_be_explained_is_refused() -> None:
    row = {
        "section": "events",
        "id": "m",
        "name": "e",
        "kind": "track",
        "at_ts": "2017-01-01 00:00:00",
        "received_ts": None,
        "place": None,
        "document": None,
    }
    with pytest.raises(QueryFailedError, match="more than 5,000 events"):
        person_of("ann", [{**row, "id": f"m{number}"} for number in range(MOST_EVENTS + 1)], AS_OF)


def test_it_is_refused_as_the_audience_is() -> None:
    with pytest.raises(InvalidRuleError, match="no segment `gone`"):
        history_sql(parse_rule({"segment": "gone"}), "ann", AS_OF, {})
    with pytest.raises(ValueError, match="time zone"):
        history_sql(parse_rule(BOUGHT), "ann", datetime(2017, 1, 1), {})
