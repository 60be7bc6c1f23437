"""Versions: what is one, which of two is later, and that SQL has the same key."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.lake.sql import printed, text
from regulars.domain.segments.compile.versions import version_key
from regulars.domain.segments.versions import Version
from tests.domain.segments.lake import Lake
from tests.drawn import drawn

ORDERED = [
    "0",
    "0.9.9",
    "1.0.0-1",
    "1.0.0-2",
    "1.0.0-11",
    "1.0.0--",
    "1.0.0-Alpha",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-alpha-x",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.0.1",
    "5.9",
    "5.10",
    "5.10.1",
    "2017.10.01",
    "9999999999.9999999999.9999999999.9999999999",
]
"""Those of https://semver.org/#spec-item-11 among them."""


def key(written: str) -> str:
    version = Version.of(written)
    assert version is not None
    return version.key


@pytest.mark.parametrize(("earlier", "later"), pairwise(ORDERED))
def test_versions_are_in_order(earlier: str, later: str) -> None:
    assert key(earlier) < key(later)


@pytest.mark.parametrize(("one", "other"), [("5", "5.0.0"), ("v5.1", "5.1"), ("V5.01", "5.1.0.0"), ("5.1+build.7", "5.1"), ("5-rc.01", "5.0-rc.1")])
def test_what_is_written_otherwise_is_the_same_version(one: str, other: str) -> None:
    assert key(one) == key(other)


NO_VERSIONS = [
    "",
    "v",
    "five",
    "5.",
    ".5",
    "5.0.0.0.0",
    "5.0-",
    "5.0-a..b",
    "5.0-a_b",
    "5 0",
    " 5",
    "5\n",
    "12345678901",
    "5.0-" + "a" * 41,
    "٥.1",
    "1e3",
    "5.x",
    "5+",
]


@pytest.mark.parametrize("written", NO_VERSIONS)
def test_what_is_no_version_is_unknown(written: str) -> None:
    assert Version.of(written) is None
    assert in_sql(Lake(), written) is None


def in_sql(lake: Lake, written: str) -> Any:
    return lake.column(f"SELECT {printed(version_key(text(written)))} AS v")[0]


_numbers = st.lists(st.integers(0, 9_999_999_999).map(str), min_size=1, max_size=4).map(".".join)
_names = st.lists(st.from_regex(r"[0-9A-Za-z-]{1,40}|[0-9]{1,3}", fullmatch=True), max_size=4).map(".".join)
_versions = st.tuples(st.sampled_from(["", "v"]), _numbers, _names).map(lambda three: f"{three[0]}{three[1]}{'-' if three[2] else ''}{three[2]}")


@pytest.mark.parametrize("written", ORDERED)
def test_sql_has_the_same_key(written: str) -> None:
    assert in_sql(Lake(), written) == key(written)


def test_sql_has_the_same_key_of_any_version() -> None:
    lake = Lake()

    @drawn(30)
    @given(_versions)
    def same(written: str) -> None:
        assert in_sql(lake, written) == key(written)

    same()
