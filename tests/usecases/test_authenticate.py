from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.collection.source import Source, digest_of
from regulars.domain.errors import StoreUnavailableError, UnknownWriteKeyError
from regulars.usecases.authenticate import authenticate
from tests.fakes.clock import MovableClock
from tests.fakes.stores import MemorySources

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def source_of(*stated: str, sources: MemorySources | None = None, at: datetime = NOON) -> str:
    app = Source.created("app", digest_of("wk"), at=NOON)
    return authenticate(stated, write_keys=sources or MemorySources(app), clock=MovableClock(at))


def test_a_valid_key_says_which_source_it_is() -> None:
    assert source_of("wk") == "app"


def test_a_key_that_is_nobodys_hides_no_other() -> None:
    assert source_of("a-proxys-user", "wk") == "app"


@pytest.mark.parametrize(("stated", "says"), [((), "send it as the Basic user name, as writeKey"), (("nobody",), "no source has this write key")])
def test_who_is_not_known_is_told_why(stated: tuple[str, ...], says: str) -> None:
    with pytest.raises(UnknownWriteKeyError, match=says):
        source_of(*stated)


def test_a_key_that_was_rotated_away_or_revoked_is_told_so() -> None:
    rotated = Source.created("app", digest_of("wk"), at=NOON).rotated(digest_of("new"), at=NOON, overlap=timedelta(hours=1))
    sources = MemorySources(rotated)
    assert source_of("wk", sources=sources, at=NOON + timedelta(minutes=59)) == "app"
    with pytest.raises(UnknownWriteKeyError, match="revoked, or replaced"):
        source_of("wk", sources=sources, at=NOON + timedelta(hours=1))
    assert source_of("wk", "new", sources=sources, at=NOON + timedelta(hours=1)) == "app"


def test_who_cannot_be_looked_up_is_not_refused() -> None:
    sources = MemorySources()
    sources.fails = StoreUnavailableError("the table of sources failed")
    with pytest.raises(StoreUnavailableError):
        source_of("wk", sources=sources)
