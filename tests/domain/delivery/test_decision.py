"""Who is sent to, by what is known of them at that moment."""

import pytest

from regulars.domain.delivery.decision import Ready, Skip, decide
from regulars.domain.delivery.recipients import Address, Recipient
from regulars.domain.people.profile import Device, Profile
from tests.examples import person

ADA = Recipient("ada", "treated", Address("push", "phone", "0123456789abcdef"))


@pytest.mark.parametrize(
    ("recipient", "profile", "verdict"),
    [
        (ADA, person("ada", {"phone": "t1"}, name="Ada"), Ready(ADA, "t1", {"name": "Ada"})),
        (ADA, person("ada", {"tablet": "t2", "phone": "t1"}), Ready(ADA, "t1", {})),
        (ADA, person("ada", {"tablet": "t2"}), Skip(ADA, "device_gone")),
        (ADA, person("ada"), Skip(ADA, "device_gone")),
        (ADA, Profile("ada", {}, {"phone": Device("", "ios", "2026-11-01T00:00:00.000Z")}), Skip(ADA, "device_gone")),
        (ADA, None, Skip(ADA, "device_gone")),
        (Recipient("bob", "a", None), person("bob", {"phone": "t1"}), Skip(Recipient("bob", "a", None), "no_device")),
        (Recipient("bob", "a", None), None, Skip(Recipient("bob", "a", None), "no_device")),
    ],
)
def test_a_recipient_is_ready_where_their_device_has_a_token(recipient: Recipient, profile: Profile | None, verdict: Ready | Skip) -> None:
    assert decide(recipient, profile) == verdict


def test_deciding_changes_nothing() -> None:
    profile = person("ada", {"phone": "t1"}, name="Ada")
    assert decide(ADA, profile) == decide(ADA, profile)
    assert profile == person("ada", {"phone": "t1"}, name="Ada")
