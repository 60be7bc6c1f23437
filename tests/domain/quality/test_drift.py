"""What a property is like in two periods."""

import pytest

from regulars.domain.quality.drift import MOST, Drift, TypeCount, drifts, total_variation


def events(before: int = 1_000, now: int = 1_000, name: str = "Order") -> TypeCount:
    return TypeCount(name, "", "", before, now)


def typed(kind: str, before: int, now: int, *, path: str = "total") -> TypeCount:
    return TypeCount("Order", path, kind, before, now)


def kinds(*counts: TypeCount) -> list[tuple[str, str]]:
    return [(drift.property, drift.kind) for drift in drifts(counts)]


def test_a_property_that_is_null_or_absent_more_often_has_drifted() -> None:
    (found,) = drifts([events(), typed("number", 980, 700), typed("null", 10, 200)])
    assert found == Drift("Order", "total", "null", {"absent": 0.01, "null": 0.01}, {"absent": 0.1, "null": 0.2}, pytest.approx(0.28))


def test_a_property_that_comes_in_another_type_has_drifted_whatever_is_null() -> None:
    (found,) = drifts([events(), typed("number", 900, 600), typed("string", 0, 300), typed("null", 100, 100)])
    assert (found.kind, found.before, found.now) == ("type", {"number": 1.0}, {"number": pytest.approx(2 / 3), "string": pytest.approx(1 / 3)})
    assert found.change == pytest.approx(1 / 3)


def test_a_property_that_is_new_or_gone_has_drifted_and_has_no_types_to_compare() -> None:
    found = kinds(events(), typed("string", 0, 900, path="new"), typed("string", 1_000, 0, path="gone"))
    assert found == [("gone", "null"), ("new", "null")], "the largest first"


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ((events(), typed("number", 1_000, 901)), []),
        ((events(), typed("number", 1_000, 900)), [("total", "null")]),
        ((events(99, 1_000), typed("number", 99, 0)), []),
        ((events(1_000, 99), typed("number", 1_000, 0)), []),
        ((events(100, 100), typed("number", 100, 0)), [("total", "null")]),
        ((events(), typed("number", 1_000, 910), typed("string", 0, 90)), [("total", "type")]),
        ((events(), typed("number", 1_000, 983), typed("string", 0, 17)), [("total", "type")]),
        ((events(), typed("number", 1_000, 992), typed("string", 0, 8)), []),
        ((events(), typed("number", 900, 810), typed("string", 100, 190)), []),
        ((events(100, 100), typed("number", 50, 35)), []),
        ((events(), typed("number", 50, 0), typed("string", 0, 50)), []),
        ((typed("number", 1_000, 0),), []),
    ],
)
def test_ten_points_beyond_chance_or_a_type_that_never_came_are_the_least(counts: tuple[TypeCount, ...], found: list[tuple[str, str]]) -> None:
    assert kinds(*counts) == found


def test_no_more_are_told_than_somebody_reads() -> None:
    assert len(drifts([events(), *(typed("string", 1_000, number, path=f"p{number}") for number in range(MOST + 1))])) == MOST


def test_two_mixes_that_share_nothing_are_one_apart() -> None:
    assert total_variation({"a": 0.5, "b": 0.5}, {"c": 1.0}) == 1
    assert total_variation({"a": 0.5, "b": 0.5}, {"a": 0.5, "b": 0.5}) == 0
