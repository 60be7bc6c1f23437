"""What a person's page says of their consents: by trait, and by purpose as a campaign finds it."""

from regulars.domain.people.traits import KnownTrait
from regulars.domain.person.consents import Consent, PurposeStanding, consents_of, purposes_of
from regulars.domain.settings import Settings

AT = "2026-01-01T00:00:00.000Z"


def told(**traits: object) -> dict[str, KnownTrait]:
    return {name: KnownTrait(value, AT) for name, value in traits.items()}


def test_consent_is_read_from_the_traits_that_every_gate_reads() -> None:
    said = told(emailOptIn=True, push_opted_out=True, sms_opted_out=False, newsletter=True, is_vip=True, unsubscribed="false", consent={"news": True})
    assert consents_of(said) == {
        "emailOptIn": Consent(True, AT, "email"),
        "push_opted_out": Consent(False, AT, "push"),
        "sms_opted_out": Consent(True, AT, "sms"),
        "unsubscribed": Consent(True, AT, "everything"),
        "consent.news": Consent(True, AT, "news"),
    }


def test_each_purpose_that_is_declared_or_spoken_of_says_whether_its_campaigns_reach_them() -> None:
    declared = Settings(purposes={"marketing": "opt_in", "service": "opt_out"})
    assert purposes_of(told(news_opt_out=True), declared) == {
        "marketing": PurposeStanding(None, "opt_in", False),
        "news": PurposeStanding(False, "opt_in", False),
        "service": PurposeStanding(None, "opt_out", True),
    }
    assert purposes_of(told(marketing_opt_in=True), declared)["marketing"].reached
    assert not purposes_of(told(marketing_opt_in=True, push_opted_out=True), declared)["marketing"].reached
