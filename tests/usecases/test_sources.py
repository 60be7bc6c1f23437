from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.collection.source import digest_of
from regulars.domain.errors import ConflictError, InvalidRequestError, NotFoundError
from regulars.usecases.create_source import create_source
from regulars.usecases.list_sources import list_sources
from regulars.usecases.revoke_source import revoke_source
from regulars.usecases.rotate_source import rotate_source
from tests.fakes.clock import MovableClock
from tests.fakes.stores import MemorySources

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CLOCK = MovableClock(NOON)


@pytest.fixture
def sources() -> MemorySources:
    return MemorySources()


def test_a_source_is_made_with_a_key_that_is_kept_as_its_digest_only(sources: MemorySources) -> None:
    made = create_source("app", sources=sources, clock=CLOCK)
    found = sources.find(digest_of(made.write_key))
    assert found is not None and (found.source, found.is_valid(NOON)) == ("app", True)
    assert made.write_key not in repr(sources.all())
    assert len(made.write_key) == 32 and made.others_end_at is None


def test_no_two_keys_are_the_same(sources: MemorySources) -> None:
    assert len({create_source(f"app-{n}", sources=sources, clock=CLOCK).write_key for n in range(20)}) == 20


def test_a_key_that_apps_carry_already_may_be_brought_along(sources: MemorySources) -> None:
    assert create_source("app", write_key="of-old", sources=sources, clock=CLOCK).write_key == "of-old"
    with pytest.raises(InvalidRequestError, match=r"^write_key: a write key has 1 to 128"):
        create_source("site", write_key="no key", sources=sources, clock=CLOCK)
    with pytest.raises(ConflictError, match="in use"):
        create_source("site", write_key="of-old", sources=sources, clock=CLOCK)


def test_a_name_is_given_once_and_has_its_form(sources: MemorySources) -> None:
    create_source("app", sources=sources, clock=CLOCK)
    with pytest.raises(ConflictError, match="there is a source app already"):
        create_source("app", sources=sources, clock=CLOCK)
    with pytest.raises(InvalidRequestError, match=r"^name: "):
        create_source("The App", sources=sources, clock=CLOCK)


def test_a_rotated_source_has_a_new_key_and_says_when_the_old_one_ends(sources: MemorySources) -> None:
    old = create_source("app", sources=sources, clock=CLOCK)
    new = rotate_source("app", overlap=DAY, sources=sources, clock=CLOCK)
    assert (new.name, new.others_end_at) == ("app", NOON + DAY) and new.write_key != old.write_key
    (app,) = list_sources(sources=sources, clock=CLOCK)
    assert [(key.fingerprint, key.ends_at) for key in app.keys] == [(digest_of(new.write_key)[:8], None), (digest_of(old.write_key)[:8], NOON + DAY)]


def test_a_key_that_has_ended_is_never_taken_again(sources: MemorySources) -> None:
    create_source("app", write_key="leaked", sources=sources, clock=CLOCK)
    rotate_source("app", overlap=timedelta(), sources=sources, clock=MovableClock(NOON + DAY))
    with pytest.raises(ConflictError, match="in use, or was"):
        rotate_source("app", overlap=DAY, write_key="leaked", sources=sources, clock=MovableClock(NOON + 2 * DAY))


def test_a_revoked_source_is_listed_without_keys(sources: MemorySources) -> None:
    create_source("app", sources=sources, clock=CLOCK)
    create_source("another", sources=sources, clock=CLOCK)
    revoked = revoke_source("app", sources=sources, clock=CLOCK)
    assert (revoked.state, revoked.keys, revoked.revoked_at) == ("revoked", [], NOON)
    assert revoke_source("app", sources=sources, clock=MovableClock(NOON + DAY)) == revoked
    assert [(each.name, each.state) for each in list_sources(sources=sources, clock=CLOCK)] == [("another", "active"), ("app", "revoked")]


def test_a_source_that_is_not_there_can_be_neither_rotated_nor_revoked(sources: MemorySources) -> None:
    with pytest.raises(NotFoundError, match="there is no source app"):
        rotate_source("app", overlap=DAY, sources=sources, clock=CLOCK)
    with pytest.raises(NotFoundError, match="there is no source app"):
        revoke_source("app", sources=sources, clock=CLOCK)
