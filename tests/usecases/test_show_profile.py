import orjson
import pytest

from regulars.domain.collection.device import PushTarget
from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.domain.people.device import Device, Registration, Use
from regulars.domain.people.profile import Profile
from regulars.domain.people.traits import KeptTraits, KnownTrait
from regulars.usecases.show_profile import OwnDevice, ShownProfile, show_profile
from tests.examples import phone
from tests.fakes.stores import MemoryDefinitions, MemoryDevices, MemoryProfiles

AT = "2026-01-01T00:00:00.000Z"
TRAITS = {"plan": KnownTrait("pro", AT)}
TABLET = Device("tablet", Use(AT, "", "ada", "android", "de-AT", "Europe/Vienna", "5.2"), Registration(AT, "", "ada", PushTarget("fid", "f1")))


@pytest.fixture
def profiles() -> MemoryProfiles:
    return MemoryProfiles([Profile("ada", TRAITS, {"tablet": AT, "sold": AT, "gone": AT, "quiet": AT})])


@pytest.fixture
def devices() -> MemoryDevices:
    return MemoryDevices([TABLET, phone("sold", "bob", "t1"), phone("quiet", "ada", None, at=AT), phone("another", "ada", "t2")])


def test_a_known_person_is_shown_with_those_of_their_devices_that_are_theirs_now(profiles: MemoryProfiles, devices: MemoryDevices) -> None:
    assert show_profile("ada", profiles=profiles, devices=devices, definitions=MemoryDefinitions()) == ShownProfile(
        "ada",
        TRAITS,
        {
            "quiet": OwnDevice("ios", None, None, None, None, None, AT, None, None),
            "tablet": OwnDevice("android", None, "f1", "de-AT", "Europe/Vienna", "5.2", AT, AT, None),
        },
    )
    assert profiles.writes == devices.writes == 0


def test_an_unknown_person_is_not_found(profiles: MemoryProfiles, devices: MemoryDevices) -> None:
    with pytest.raises(NotFoundError, match="'bob'"):
        show_profile("bob", profiles=profiles, devices=devices, definitions=MemoryDefinitions())


def test_an_empty_id_is_refused(profiles: MemoryProfiles, devices: MemoryDevices) -> None:
    with pytest.raises(InvalidRequestError, match="user_id"):
        show_profile("", profiles=profiles, devices=devices, definitions=MemoryDefinitions())


def test_what_the_store_keeps_can_be_written_as_json(devices: MemoryDevices) -> None:
    kept = MemoryProfiles([Profile("ada", KeptTraits({"news_opt_in": {"value": True, "at": AT}}))])
    shown = show_profile("ada", profiles=kept, devices=devices, definitions=MemoryDefinitions())
    assert orjson.loads(orjson.dumps(shown))["traits"]["news_opt_in"]["value"] is True
    assert shown.consents["news_opt_in"].agreed
