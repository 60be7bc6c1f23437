"""Which traits speak of what."""

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.collection.consents import EVERYTHING, consent_traits, global_traits, spoken_of

words = st.from_regex(r"[b-n]{2,8}(_[b-n]{2,8})?", fullmatch=True)


def test_a_purpose_is_spoken_of_in_both_spellings_and_in_an_object() -> None:
    assert consent_traits("price_alerts") == (
        (
            ("consent", "price_alerts"),
            ("price_alerts_opt_in",),
            ("priceAlertsOptIn",),
            ("price_alerts_opted_in",),
            ("priceAlertsOptedIn",),
            ("accepts_price_alerts",),
            ("acceptsPriceAlerts",),
        ),
        (("price_alerts_opt_out",), ("priceAlertsOptOut",), ("price_alerts_opted_out",), ("priceAlertsOptedOut",)),
    )


def test_what_is_said_is_found_again_and_nothing_else() -> None:
    traits = {"marketingOptIn": True, "unsubscribed": "true", "consent": {"news": "false", "vip": 1}, "optedOut": False, "is_vip": True, "plan": "x"}
    assert list(spoken_of(traits)) == [
        ("marketing", ("marketingOptIn",), True),
        (EVERYTHING, ("unsubscribed",), False),
        ("news", ("consent", "news"), False),
        (EVERYTHING, ("optedOut",), True),
    ]


def test_a_spelling_that_no_gate_reads_is_not_shown_as_a_consent() -> None:
    assert list(spoken_of({"MarketingOptIn": True, "newsletter": True, "consent": "yes", "marketing_opt_in": "yes"})) == []


@given(words)
def test_every_trait_that_speaks_of_a_purpose_is_known_by_it(purpose: str) -> None:
    of_it, of_all = consent_traits(purpose), global_traits()
    spoken = [(purpose, of_it.yes, True), (purpose, of_it.no, False), (EVERYTHING, of_all.yes, True), (EVERYTHING, of_all.no, False)]
    for whose, paths, agrees in spoken:
        for path in paths:
            assert list(spoken_of({path[0]: {path[1]: True}} if len(path) > 1 else {path[0]: True})) == [(whose, path, agrees)]
