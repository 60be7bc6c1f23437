from regulars.domain.people.traits import KnownTrait
from regulars.domain.person.consents import consents_of

AT = "2026-01-01T00:00:00.000Z"


def test_consent_is_read_from_traits_of_such_a_name_that_are_true_or_false() -> None:
    said = {"emailOptIn": True, "push_opted_out": True, "sms_opted_out": False, "newsletter": "maybe", "is_vip": True, "unsubscribed": False}
    found = consents_of({name: KnownTrait(value, AT) for name, value in said.items()})
    assert {name: each.agreed for name, each in found.items()} == {
        "emailOptIn": True,
        "push_opted_out": False,
        "sms_opted_out": True,
        "unsubscribed": True,
    }
    assert {name: each.purpose for name, each in found.items()} == {
        "emailOptIn": "email",
        "push_opted_out": "push",
        "sms_opted_out": "sms",
        "unsubscribed": "everything",
    }
