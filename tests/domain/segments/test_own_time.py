"""What `"timezone": "user"` means around midnight and where clocks are changed, worked out by hand. Both readings are held to it."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.moments import Moments
from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule
from regulars.domain.segments.compile.backtest import backtest_sql
from regulars.domain.segments.evaluate import reasons
from regulars.domain.segments.evaluate.clocks import wall_clock
from regulars.domain.segments.person_history import history_sql
from regulars.domain.segments.sentence import sentence
from regulars.domain.segments.zones import RENAMED, ZONES
from tests.domain.segments.judges import known_names
from tests.domain.segments.lake import Lake
from tests.domain.segments.people import audience, histories

AS_OF = datetime(2017, 11, 1, 2, tzinfo=UTC)
"""In Paris it is 3:00 on 1 November, in New York 22:00 on 31 October."""

Row = dict[str, Any]


def told(user: str, at: str = "2017-01-01T00:00:00+00:00", **traits: Any) -> Row:
    return {"user_id": user, "event_name": "identify", "type": "identify", "event_ts": datetime.fromisoformat(at), "traits": traits}


def bought(user: str, at: str, **properties: Any) -> Row:
    return {"user_id": user, "event_name": "Order Completed", "event_ts": datetime.fromisoformat(at), "properties": properties}


HISTORY = [
    # par, in Paris: a moment before their October begins, and at its very first
    told("par", timezone="Europe/Paris", born="1990-11-01", since="2017-10-01", at="2017-10-01T00:00:00+02:00"),
    bought("par", "2017-09-30T21:59:59.999999+00:00"),
    bought("par", "2017-09-30T22:00:00+00:00", due="2017-10-29T02:30", paid="2017-10-29T00:30:00Z"),
    # par again, in the night in which the hour from 2 to 3 comes twice
    bought("par", "2017-10-29T00:30:00+00:00"),
    bought("par", "2017-10-29T01:30:00+00:00"),
    # nyc, in New York: both on 30 September there
    told("nyc", timezone="America/New_York", born="1990-10-31", since="2017-10-01", at="2017-10-01T00:00:00Z"),
    bought("nyc", "2017-09-30T22:00:00+00:00"),
    bought("nyc", "2017-10-01T03:59:59+00:00"),
    # has no order
    told("idl", timezone="Asia/Tokyo", born="1990-10-31"),
    # nobody's zone: never told, taken back, and none of IANA's
    bought("old", "2017-10-15T12:00:00+00:00"),
    told("gon", timezone="Europe/Paris", born="1990-11-01"),
    told("gon", "2017-02-01T00:00:00+00:00", timezone=None),
    bought("gon", "2017-10-15T12:00:00+00:00"),
    told("odd", timezone="+02:00", born="1990-11-01", since="2017-10-01"),
    bought("odd", "2017-10-15T12:00:00+00:00"),
]
EVENTS = [{"message_id": f"m{number:02d}", **row} for number, row in enumerate(HISTORY)]
BOUGHT = {"event": "Order Completed", "timezone": "user"}


@pytest.fixture(scope="module")
def lake() -> Lake:
    filled = Lake()
    filled.fill(EVENTS)
    return filled


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        # a month by everybody's own clock
        ({**BOUGHT, "from": "2017-10-01", "to": "2017-11-01"}, ["par"]),
        ({**BOUGHT, "from": "2017-10-01", "count": {"eq": 3}}, ["par"]),
        ({**BOUGHT, "before": "2017-10-01", "count": {"eq": 2}}, ["nyc"]),
        # who has a zone and no order has done it 0 times; whoever has no zone is unknown, also under `not`
        ({**BOUGHT, "from": "2017-10-01", "count": {"eq": 0}}, ["idl", "nyc"]),
        ({"not": {**BOUGHT, "from": "2017-10-01"}}, ["idl", "nyc"]),
        # a bound with a zone is the same for all
        ({**BOUGHT, "from": "2017-10-01T00:00:00Z", "distinct": "day", "eq": 1}, ["nyc", "par"]),
        # days
        ({**BOUGHT, "distinct": "day", "eq": 1}, ["nyc"]),
        ({**BOUGHT, "distinct": "day", "eq": 3}, ["par"]),
        ({**BOUGHT, "distinct": "day", "eq": 0}, ["idl"]),
        # the hour that comes twice: clocks are compared
        ({**BOUGHT, "from": "2017-10-29T02:30", "count": {"eq": 2}}, ["par"]),
        ({**BOUGHT, "from": "2017-10-29T02:31", "count": {"gte": 1}}, []),
        ({**BOUGHT, "where": [{"property": "due", "before": "2017-10-29T00:30:00Z"}]}, []),
        ({**BOUGHT, "where": [{"property": "due", "after": "2017-10-29T01:30:00Z"}]}, ["par"]),
        ({**BOUGHT, "where": [{"property": "paid", "after": "2017-10-29T02:30"}]}, ["par"]),
        ({**BOUGHT, "where": [{"property": "paid", "before": "2017-10-29T01:30:00Z"}]}, ["par"]),
        # the first and the last
        ({**BOUGHT, "last": {"before": "2017-10-01"}}, ["nyc"]),
        ({**BOUGHT, "first": {"from": "2017-10-01"}}, []),
        ({"not": {**BOUGHT, "first": {"from": "2017-10-01"}}}, ["nyc", "par"]),
        # what is told without a zone is what the clock showed: 1 October began in Paris 6 hours before it did in New York
        ({"trait": "since", "before": "2017-10-01T00:00:01", "timezone": "user"}, ["nyc", "par"]),
        ({"trait": "since", "before": "2017-09-30T23:00:00Z", "timezone": "user"}, ["par"]),
        ({"not": {"trait": "since", "before": "2017-09-30T23:00:00Z", "timezone": "user"}}, ["nyc"]),
        ({"trait": "since", "within": "744h", "timezone": "user"}, ["nyc"]),
        ({"trait": "since", "older_than": "744h", "timezone": "user"}, ["par"]),
        # today is not the same day everywhere
        ({"trait": "born", "anniversary": True, "timezone": "user"}, ["nyc", "par"]),
        ({"trait": "born", "anniversary": True}, ["gon", "odd", "par"]),
        ({"not": {"trait": "born", "anniversary": True, "timezone": "user"}}, ["idl"]),
        ({"any": [{**BOUGHT, "from": "2017-10-01"}, {"users": ["odd"]}]}, ["odd", "par"]),
    ],
)
def test_a_rule_finds_exactly_these(lake: Lake, rule: dict[str, Any], people: list[str]) -> None:
    tree = parse_rule(rule)
    sql = printed(audience_sql(tree, AS_OF, {}))
    known_names(sql)
    assert sorted(lake.column(sql)) == people
    assert audience(tree, EVENTS, AS_OF, {}) == people


@pytest.mark.parametrize("only", ["par", "nyc"])
def test_one_person_is_asked_about_alone(lake: Lake, only: str) -> None:
    rule = parse_rule({**BOUGHT, "from": "2017-10-01"})
    assert lake.column(printed(audience_sql(rule, AS_OF, {}, only=only))) == [only] * (only == "par")


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "Europe/Kiev", "UTC"])
def test_a_zone_goes_by_its_newer_name_as_well(zone: str) -> None:
    lake = Lake()
    events = [{"message_id": "m", **told("ann", timezone=zone, since="2017-10-01")}]
    lake.fill(events)
    rule = parse_rule({"trait": "since", "after": "2017-10-01", "timezone": "user"})
    assert lake.column(printed(audience_sql(rule, AS_OF, {}))) == audience(rule, events, AS_OF, {}) == ["ann"]


def test_python_and_the_local_engine_show_the_same_time_in_every_zone(lake: Lake) -> None:
    zones = ", ".join(f"('{zone}')" for zone in ZONES)
    shows = "CAST(at_timezone(with_timezone(TIMESTAMP '2017-07-01 00:00:00', 'UTC'), zone) AS timestamp(6))"
    found = lake.rows(f"SELECT zone, {shows} AS shows FROM (VALUES {zones}) AS t (zone)")
    assert {row["zone"]: row["shows"] for row in found} == {zone: wall_clock(datetime(2017, 7, 1, tzinfo=UTC), ZoneInfo(zone)) for zone in ZONES}
    assert RENAMED[1] in ZONES


@pytest.mark.parametrize(
    ("rule", "field", "says"),
    [
        ({**BOUGHT, "timezone": "Europe/Paris", "distinct": "day", "gte": 1}, "rule.timezone", "`user`"),
        ({**BOUGHT, "within": "1d"}, "rule.timezone", "nothing here goes by a clock: leave it out, or use one of `before`"),
        ({**BOUGHT, "from": "2017-10-01T00:00:00Z"}, "rule.timezone", "a bound of a period without a zone, or `distinct`: `day`"),
        ({"trait": "plan", "eq": "pro", "timezone": "user"}, "rule.timezone", "nothing here goes by a clock"),
        ({**BOUGHT, "from": "2017-10-01", "to": "2017-11-01T00:00:00Z"}, "rule", "one bound has a zone and the other has none"),
        ({**BOUGHT, "from": "2017-10-02", "to": "2017-10-01"}, "rule", "from 2017-10-02T00:00:00 to 2017-10-01T00:00:00"),
        ({"sequence": [{"event": "a"}, {"event": "b"}], "timezone": "user"}, "rule.timezone", "`timezone` is not known here"),
        ({"message": "sent", "from": "2017-10-01", "timezone": "user"}, "rule.timezone", "`timezone` is not known here"),
        ({"all": [{"everyone": True}], "timezone": "user"}, "rule.timezone", "`timezone` is not known here"),
    ],
)
def test_what_no_clock_could_change_is_refused(rule: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(InvalidRuleError) as refused:
        parse_rule(rule)
    assert refused.value.field == field
    assert says in str(refused.value)


def test_the_sentence_says_whose_clock() -> None:
    days = {**BOUGHT, "from": "2017-10-01", "distinct": "day", "gte": 2}
    assert sentence(parse_rule(days)) == 'did "Order Completed" on at least 2 different days from 2017-10-01 local time on, by their own clock'
    since = {"trait": "since", "before": "2017-10-01T08:30", "timezone": "user"}
    assert sentence(parse_rule({"all": [since, {"everyone": True}]})) == (
        "(trait since is before 2017-10-01T08:30:00 local time, by their own clock) and is known"
    )


@pytest.mark.parametrize(("person", "because"), [("par", "their clock is that of Europe/Paris"), ("odd", "no identify call told a time zone")])
def test_the_reason_says_the_zone(person: str, because: str) -> None:
    (reason,) = reasons(parse_rule({**BOUGHT, "from": "2017-10-01"}), histories(EVENTS, [], AS_OF)[person], AS_OF, {})
    assert reason.because[0].text.startswith(because)


def test_the_history_of_a_person_has_their_zone(lake: Lake) -> None:
    sql = printed(history_sql(parse_rule({**BOUGHT, "from": "2017-10-01"}), "par", AS_OF, {}))
    found = lake.rows(sql)
    assert [json.loads(row["document"])["timezone"] for row in found if row["section"] == "traits"] == ["Europe/Paris"]
    assert len([row for row in found if row["section"] == "events"]) == 4


def test_a_backtest_does_not_follow_it_yet() -> None:
    moments = Moments(AS_OF, AS_OF - AS_OF.replace(day=1, month=10), 2)
    with pytest.raises(InvalidRuleError, match="`timezone`"):
        backtest_sql(parse_rule({**BOUGHT, "from": "2017-10-01"}), moments, {})
