"""Who is sent to, by what is known of them and of their device at that moment."""

import pytest

from regulars.domain.collection.device import PushTarget
from regulars.domain.delivery.decision import Ready, Skip, decide
from regulars.domain.delivery.recipients import Address, Recipient
from regulars.domain.people.device import Device
from regulars.domain.people.profile import Profile
from tests.examples import person, phone

ADA = Recipient("ada", "treated", Address("push", "phone", "0123456789abcdef"))
BOB = Recipient("bob", "a", None)
LATER = "2026-11-02T00:00:00.000Z"


@pytest.mark.parametrize(
    ("recipient", "profile", "device", "verdict"),
    [
        (ADA, person("ada", name="Ada"), phone("phone", "ada", "t1"), Ready(ADA, PushTarget("token", "t1"), {"name": "Ada"})),
        (ADA, person("ada"), phone("phone", "ada", None), Skip(ADA, "device_gone")),
        (ADA, person("ada"), None, Skip(ADA, "device_gone")),
        (ADA, None, phone("phone", "ada", "t1"), Skip(ADA, "device_gone")),
        (ADA, person("ada"), phone("phone", "bob", "t1"), Skip(ADA, "device_changed_hands")),
        (ADA, person("ada"), phone("phone", None, "t1"), Skip(ADA, "device_changed_hands")),
        (ADA, person("ada"), phone("phone", "ada", "t1").merged(phone("phone", "bob", None, at=LATER)), Skip(ADA, "device_changed_hands")),
        (ADA, person("ada"), phone("phone", "bob", "t1").merged(phone("phone", "ada", None, at=LATER)), Skip(ADA, "device_gone")),
        (BOB, person("bob"), None, Skip(BOB, "no_device")),
        (BOB, None, None, Skip(BOB, "no_device")),
    ],
)
def test_a_recipient_is_ready_where_the_device_is_theirs_and_something_leads_to_it(
    recipient: Recipient, profile: Profile | None, device: Device | None, verdict: Ready | Skip
) -> None:
    assert decide(recipient, profile, device) == verdict
