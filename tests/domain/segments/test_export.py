"""Who they are and what is known of them, in one SELECT."""

from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.errors import InvalidRequestError
from regulars.domain.lake.sql import printed, statement
from regulars.domain.segments.export import read_traits, rows_sql, traits_sql, unloaded_sql
from tests.domain.segments.judges import accepted
from tests.domain.segments.lake import Lake

AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
BEFORE, AFTER = datetime(2017, 9, 1, tzinfo=UTC), datetime(2017, 10, 2, tzinfo=UTC)
TRAITS = read_traits(["plan", "address.city", ["a.b"]])


def identify(user_id: str, at: datetime, **traits: Any) -> dict[str, Any]:
    named = {"event_name": "identify", "type": "identify", "message_id": f"{user_id}{at}"}
    return {"user_id": user_id, "event_ts": at, "traits": traits, **named}


@pytest.fixture
def lake() -> Lake:
    lake = Lake()
    early = datetime(2017, 8, 1, tzinfo=UTC)
    lake.fill(
        [
            identify("ann", early, plan="free", address={"city": "Lyon"}, **{"a.b": [1]}),
            identify("ann", BEFORE, plan="pro"),
            identify("ann", AFTER, plan="gone"),
            identify("bob", BEFORE, plan=None),
            identify("else", BEFORE, plan="pro"),
        ]
    )
    return lake


def people() -> Any:
    return statement("SELECT user_id FROM (VALUES ('bob'), ('ann'), ('cy')) AS v(user_id)")


def test_each_of_them_has_the_traits_of_the_moment(lake: Lake) -> None:
    asked = printed(rows_sql(people(), traits_sql(TRAITS, AS_OF), TRAITS, AS_OF))
    accepted(asked)
    assert [list(row.values()) for row in lake.rows(asked)] == [
        ["ann", 3, '"pro"', '"Lyon"', "[1]"],
        ["bob", 3, "null", None, None],
        ["cy", 3, None, None, None],
    ]


def test_without_traits_they_are_their_ids(lake: Lake) -> None:
    asked = printed(rows_sql(people(), statement("SELECT 1"), (), AS_OF))  # type: ignore[arg-type]
    accepted(asked)
    assert [list(row.values()) for row in lake.rows(asked)] == [["ann", 3], ["bob", 3], ["cy", 3]]


def test_for_unload_the_traits_are_a_map_with_names_as_they_are_written() -> None:
    traits = read_traits(["firstName", ["o'b"]])
    asked = printed(unloaded_sql(people(), traits_sql(traits, AS_OF), traits, AS_OF))
    accepted(asked)
    assert "ARRAY['firstName', 'o''b']" in asked


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (["plan", ["plan"]], "traits: names one of them twice"),
        (["a..b"], r"traits\[0\]: "),
        (["plan", "tags[]"], r"traits\[1\]: a list is told whole"),
        ([f"t{n}" for n in range(51)], "traits: .*50"),
    ],
)
def test_traits_that_cannot_be_told_are_refused_with_their_place(wanted: list[Any], told: str) -> None:
    with pytest.raises(InvalidRequestError, match=told):
        read_traits(wanted)
