"""Arms: stable, the same in Python and in SQL, and in the proportions that were asked for."""

from collections import Counter
from typing import Any

import duckdb
import pytest
from sqlglot import exp

from regulars.domain.campaigns.arms import arm_of, arm_sql, bounds
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.lake import sql
from regulars.domain.lake.buckets import bucket_of


def campaign(percent: float = 10, weights: dict[str, int] | None = None, identity: str = "spring") -> Any:
    document: dict[str, Any] = {
        "id": identity,
        "audience": {"include": ["x"]},
        "message": {"push": {"body": "x"}},
        "control": {"percent": percent},
    }
    if weights:
        document["variants"] = [{"id": name, "weight": weight} for name, weight in weights.items()]
    return parse_campaign(document)


def test_control_comes_first_and_variants_share_the_rest_by_weight() -> None:
    assert bounds(campaign(10, {"a": 1, "b": 2})) == (("control", 1000), ("a", 4000), ("b", 10000))
    assert bounds(campaign(0)) == (("treated", 10000),)
    assert arm_of(campaign(100), "anybody") == "control"
    assert bounds(campaign(10, {"a": 1, "b": 1, "c": 1}))[-1] == ("c", 10000)


def test_people_fall_into_arms_in_proportion() -> None:
    asked = campaign(20, {"a": 3, "b": 1})
    found = Counter(arm_of(asked, f"user-{n}") for n in range(20_000))
    assert {arm: round(count / 20_000, 2) for arm, count in found.items()} == {"control": 0.2, "a": 0.6, "b": 0.2}


def test_another_campaign_divides_people_anew() -> None:
    one, other = campaign(50), campaign(50, identity="autumn")
    both = sum(arm_of(one, f"u{n}") == arm_of(other, f"u{n}") == "control" for n in range(4_000))
    assert 900 < both < 1_100


def test_a_larger_control_group_keeps_everybody_who_was_in_it() -> None:
    people = [f"u{n}" for n in range(2_000)]
    small, large = ({person for person in people if arm_of(campaign(percent), person) == "control"} for percent in (10, 20))
    assert small < large


@pytest.mark.parametrize("asked", [campaign(0), campaign(100), campaign(12.34), campaign(10, {"a": 7, "b": 2, "c": 1})])
def test_sql_puts_everybody_into_the_same_arm(asked: Any) -> None:
    # The bucket's own SQL is run in test_audience.py; this is about the CASE over it.
    people = [f"household {n}" for n in range(3_000)]
    case = arm_sql(asked, exp.column("bucket")).sql(dialect="duckdb")
    connection = duckdb.connect()
    connection.execute("CREATE TABLE people (person VARCHAR, bucket INTEGER)")
    connection.executemany("INSERT INTO people VALUES (?, ?)", [(person, bucket_of(person, asked.id)) for person in people])
    found = dict(connection.execute(f"SELECT person, {case} FROM people").fetchall())
    assert found == {person: arm_of(asked, person) for person in people}


def test_the_sql_names_no_bucket_twice() -> None:
    printed = sql.printed(arm_sql(campaign(10, {"a": 1, "b": 1}), exp.column("bucket")))
    assert printed == "CASE WHEN bucket < 1000 THEN 'control' WHEN bucket < 5500 THEN 'a' ELSE 'b' END"
