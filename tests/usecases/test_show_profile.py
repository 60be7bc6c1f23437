import pytest

from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.domain.people.profile import KnownTrait, Profile
from regulars.usecases.show_profile import show_profile
from tests.fakes.stores import MemoryProfiles

ADA = Profile("ada", {"plan": KnownTrait("pro", "2026-01-01T00:00:00Z")})


@pytest.fixture
def profiles() -> MemoryProfiles:
    return MemoryProfiles([ADA])


def test_a_known_person_is_shown_whole(profiles: MemoryProfiles) -> None:
    assert show_profile("ada", profiles=profiles) == ADA
    assert profiles.writes == 0


def test_an_unknown_person_is_not_found(profiles: MemoryProfiles) -> None:
    with pytest.raises(NotFoundError, match="'bob'"):
        show_profile("bob", profiles=profiles)


def test_an_empty_id_is_refused(profiles: MemoryProfiles) -> None:
    with pytest.raises(InvalidRequestError, match="user_id"):
        show_profile("", profiles=profiles)
