"""What an event says, in one form; the original beside it."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.cleaning.cleaned import cleaned
from regulars.domain.cleaning.fields import FIELDS
from regulars.domain.cleaning.kinds import NUMBER
from regulars.domain.cleaning.standards import Standards
from regulars.domain.collection.events import normalised
from tests.domain.cleaning.samples import ENVELOPE, clean, corrections

DIRTY: dict[str, Any] = {
    "type": "identify",
    "traits": {
        "email": " Anna@EXAMPLE.org ",
        "phone": "0170 1234567",
        "firstName": "Anna\u00a0",
        "birthday": "31.12.1990",
        "newsletter": "yes",
        "address": {"country": "Germany", "city": " Köln"},
        "plan": "Pro ",
    },
    "context": {"locale": "de_DE", "location": {"country": "Deutschland"}},
}


def test_traits_are_standardised_and_their_originals_kept() -> None:
    event = clean(**DIRTY)
    assert event.traits == {
        "email": "anna@example.org",
        "phone": "+491701234567",
        "firstName": "Anna",
        "birthday": "1990-12-31",
        "newsletter": True,
        "address": {"country": "DE", "city": "Köln"},
        "plan": "Pro ",
    }
    assert event.context == {"locale": "de-DE", "location": {"country": "DE"}}
    assert corrections(event) == {
        "traits.email": ("email", " Anna@EXAMPLE.org "),
        "traits.phone": ("phone", "0170 1234567"),
        "traits.firstName": ("trim", "Anna\u00a0"),
        "traits.birthday": ("date", "31.12.1990"),
        "traits.newsletter": ("boolean", "yes"),
        "traits.address.country": ("country", "Germany"),
        "traits.address.city": ("trim", " Köln"),
        "context.locale": ("language", "de_DE"),
        "context.location.country": ("country", "Deutschland"),
    }


def test_amounts_in_text_become_numbers_also_those_of_products() -> None:
    products = [{"price": "1.234,50", "quantity": "2"}, {"price": 3.5, "quantity": 1}, {"quantity": "1"}, "x"]
    event = clean(properties={"revenue": "12 €", "currency": "eur", "products": products, "total": 12})
    assert event.properties == {
        "revenue": 12,
        "currency": "EUR",
        "products": [{"price": 1234.5, "quantity": 2}, {"price": 3.5, "quantity": 1}, {"quantity": 1}, "x"],
        "total": 12,
    }
    assert corrections(event)["properties.products.0.price"] == ("number", "1.234,50")


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [("revenue", "1,234", "number"), ("email", "n/a", "email"), ("phone", "0170 1234567", "phone"), ("birthday", "01/02/1990", "date")],
)
def test_what_cannot_be_read_stays_and_is_noted(name: str, value: str, rule: str) -> None:
    event = clean(properties={name: value})
    assert event.properties == {name: value}
    assert corrections(event) == {f"properties.{name}": (f"{rule}_unclear", value)}


@pytest.mark.parametrize(("name", "value"), [("value", "red"), ("shipping", "Standard"), ("phone", "none"), ("updated_at", "never")])
def test_words_in_the_place_of_a_number_are_words(name: str, value: str) -> None:
    event = clean(properties={name: value})
    assert (event.properties, event.corrections) == ({name: value}, ())


@pytest.mark.parametrize("value", [None, "", "  ", [], {}, [1], {"a": 1}, True, 1.5, "x" * 300])
@pytest.mark.parametrize("name", sorted({kind.rule: name for name, kind in reversed(FIELDS.items())}.values()))
def test_a_value_that_is_no_text_to_be_read_stays(name: str, value: Any) -> None:
    event = clean(properties={name: value})
    assert (event.properties, event.corrections) == ({name: value}, ())


@pytest.mark.parametrize(
    "told",
    [
        {"traits": {"phone": "0170 1234567", "country": "DEU"}},
        {"traits": {"phone": "0170 1234567", "address": {"country": "Germany"}}, "context": {"locale": "en-US"}},
        {"traits": {"phone": "0170 1234567"}, "context": {"location": {"country": "DE"}, "locale": "en-US"}},
        {"traits": {"phone": "0170 1234567"}, "context": {"locale": "de_DE"}},
        {"traits": {"phone": 1701234567}, "context": {"locale": "de-DE"}},
    ],
)
def test_a_telephone_number_is_read_at_home(told: dict[str, Any]) -> None:
    assert clean(type="identify", **told).traits["phone"] == "+491701234567"


def test_where_nobody_says_the_installations_country_counts() -> None:
    assert clean(Standards.of("", "DE"), type="identify", traits={"phone": "0170 1234567"}).traits["phone"] == "+491701234567"


def test_text_and_names_of_fields_are_composed_everywhere() -> None:
    event = clean(properties={"cafe\u0301": [{"x": "Zoe\u0308"}], "plain": "abc"})
    assert event.properties == {"caf\u00e9": [{"x": "Zo\u00eb"}], "plain": "abc"}
    assert {rule for rule, _ in corrections(event).values()} == {"unicode"}


def test_two_fields_whose_names_look_the_same_both_stay() -> None:
    sent = {"caf\u00e9": 1, "cafe\u0301": 2}
    assert clean(properties=sent).properties == sent


def test_what_was_sent_is_never_written_to() -> None:
    """It may go to quarantine yet, and a batch's context is shared by all its events."""
    sent = {"userId": "u-1", **DIRTY, "properties": {"products": [{"price": "1,5"}]}}
    before = copy.deepcopy(sent)
    cleaned(normalised(sent, ENVELOPE, 0), sent, ENVELOPE)
    assert sent == before


def test_a_tracking_plan_may_say_that_a_property_is_a_number() -> None:
    sent = {"type": "track", "event": "Game Ended", "userId": "u-1", "properties": {"score": "12"}}
    event = cleaned(normalised(sent, ENVELOPE, 0), sent, ENVELOPE, kinds={**FIELDS, "score": NUMBER})
    assert event.properties == {"score": 12}


TEXTS = st.one_of(
    st.sampled_from([" a@B.de", "0170 1234567", "1,50 €", "Germany", "yes", "1.2.1990", "zoe\u0308", "undefined", "0", "en_US", "x\u200b", "€"]),
    st.text(max_size=8),
)
VALUES = st.recursive(
    st.one_of(TEXTS, st.none(), st.booleans(), st.integers(-(10**13), 10**13), st.floats(allow_nan=False, allow_infinity=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["price", "country", "e"]), inner, max_size=2)),
    max_leaves=4,
)
OBJECTS = st.dictionaries(st.one_of(st.sampled_from([*sorted(FIELDS), "location", "locale", "userAgent"]), st.text(max_size=4)), VALUES, max_size=4)


@given(st.sampled_from(["track", "identify", "alias"]), OBJECTS, OBJECTS, OBJECTS, st.one_of(st.none(), TEXTS))
def test_what_is_clean_stays_as_it_is(kind: str, properties: Any, traits: Any, context: Any, anonymous_id: str | None) -> None:
    sent = {"type": kind, "event": "X", "userId": "u-1", "properties": properties, "traits": traits, "context": context}
    from regulars.domain.collection.rejection import EventRejectedError

    try:
        accepted = normalised({**sent, "anonymousId": anonymous_id}, ENVELOPE, 0)
    except EventRejectedError:
        return
    once = cleaned(accepted, sent, ENVELOPE)
    again = cleaned(once, sent, ENVELOPE)
    assert again._replace(corrections=()) == once._replace(corrections=())
    assert {found.path for found in again.corrections[len(once.corrections) :] if not found.rule.endswith("_unclear")} == set()
    assert set(once.properties) >= {name for name in properties if name.isascii() and name != "previousId"}
