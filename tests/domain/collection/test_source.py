from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.collection.source import MAX_KEYS, MAX_OVERLAP, Source, digest_of, is_write_key, source_name
from regulars.domain.errors import ConflictError, InvalidRequestError

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
APP = Source.created("app", "first", at=NOON)


def valid(source: Source, at: datetime) -> list[str]:
    return [key.digest for key in source.keys if key.is_valid(at)]


def test_the_source_of_imported_files_is_nobody_elses() -> None:
    with pytest.raises(InvalidRequestError, match="`import` is the source of imported files"):
        source_name("import")


@pytest.mark.parametrize("name", ["a", "7", "shop_de-2", "x" * 40])
def test_a_name_is_plain_and_short(name: str) -> None:
    assert source_name(name) == name


@pytest.mark.parametrize("name", ["", "App", "-a", "_a", "a b", "a|b", "a/b", "ä", "a\n", "x" * 41, "²"])
def test_any_other_name_is_refused_with_what_is_allowed(name: str) -> None:
    with pytest.raises(InvalidRequestError, match=r"^name: a source's name has 1 to 40 of a-z"):
        source_name(name)


@pytest.mark.parametrize(
    ("key", "admitted"), [("k", True), ("A.b_c~d-9", True), ("", False), ("a:b", False), ("a b", False), ("a+b", False), ("k\n", False)]
)
def test_a_key_needs_no_escape_anywhere(key: str, admitted: bool) -> None:
    assert is_write_key(key) is admitted


def test_a_digest_is_sha_256() -> None:
    assert digest_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1


def test_a_rotated_source_has_both_keys_until_the_overlap_is_over() -> None:
    rotated = APP.rotated("second", at=NOON + HOUR, overlap=DAY)
    assert valid(rotated, NOON + HOUR) == ["second", "first"]
    assert valid(rotated, NOON + HOUR + DAY - timedelta(microseconds=1)) == ["second", "first"]
    assert valid(rotated, NOON + HOUR + DAY) == ["second"]
    assert rotated.created_at == NOON


def test_without_overlap_every_other_key_ends_at_once() -> None:
    rotated = APP.rotated("second", at=NOON, overlap=DAY).rotated("third", at=NOON + HOUR, overlap=timedelta())
    assert valid(rotated, NOON + HOUR) == ["third"]
    assert [key.ends_at for key in rotated.keys] == [None, NOON + HOUR, NOON + HOUR], "whoever stores it hears of those that end"


def test_a_longer_overlap_later_keeps_no_key_that_was_to_end() -> None:
    rotated = APP.rotated("second", at=NOON, overlap=HOUR).rotated("third", at=NOON, overlap=DAY)
    assert valid(rotated, NOON + HOUR) == ["third", "second"]


def test_a_key_that_has_ended_is_left_out_at_the_next_change() -> None:
    rotated = APP.rotated("second", at=NOON, overlap=HOUR).rotated("third", at=NOON + DAY, overlap=HOUR)
    assert [key.digest for key in rotated.keys] == ["third", "second"]


def test_so_many_keys_are_valid_at_most_and_ending_them_makes_room() -> None:
    full = APP
    for number in range(MAX_KEYS - 1):
        full = full.rotated(f"key {number}", at=NOON, overlap=DAY)
    assert len(valid(full, NOON)) == MAX_KEYS
    with pytest.raises(ConflictError, match="5 keys of source app are valid already"):
        full.rotated("one more", at=NOON, overlap=DAY)
    assert valid(full.rotated("one more", at=NOON, overlap=timedelta()), NOON) == ["one more"]


@pytest.mark.parametrize("overlap", [-HOUR, MAX_OVERLAP + HOUR])
def test_an_overlap_out_of_range_is_refused(overlap: timedelta) -> None:
    with pytest.raises(InvalidRequestError, match=r"^overlap: from 0 to 366 days"):
        APP.rotated("second", at=NOON, overlap=overlap)


def test_a_revoked_source_has_no_valid_key_and_twice_is_as_good_as_once() -> None:
    revoked = APP.rotated("second", at=NOON, overlap=DAY).revoked(NOON + HOUR)
    assert (valid(revoked, NOON + HOUR), revoked.state, revoked.revoked_at) == ([], "revoked", NOON + HOUR)
    assert revoked.revoked(NOON + DAY) == revoked


def test_a_revoked_source_may_send_again_with_a_new_key_only() -> None:
    again = APP.revoked(NOON).rotated("second", at=NOON + HOUR, overlap=DAY)
    assert (valid(again, NOON + HOUR), again.state) == (["second"], "active")
