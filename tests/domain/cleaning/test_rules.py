"""Each kind's rule: what has one reading gets one form, what has two or none stays."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.cleaning.booleans import boolean
from regulars.domain.cleaning.countries import country
from regulars.domain.cleaning.currencies import currency
from regulars.domain.cleaning.dates import day_or_moment
from regulars.domain.cleaning.emails import email
from regulars.domain.cleaning.fields import FIELDS
from regulars.domain.cleaning.languages import language
from regulars.domain.cleaning.numbers import number
from regulars.domain.cleaning.phones import phone


def same(found: Any, expected: Any) -> bool:
    return found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna@EXAMPLE.COM", "anna@example.com"),
        ("anna@BÜCHER.de", "anna@bücher.de"),
        ("anna@xn--bcher-kva.de", "anna@bücher.de"),
        ("Ada+News@shop.TEST", "ada+news@shop.test"),
        ("MÜLLER@x.de", "müller@x.de"),
        ("anna@@x.de", None),
        ("anna at x.de", None),
        ("anna@-x.de", None),
        ("a..b@x.de", None),
    ],
)
def test_an_address_is_in_small_letters_and_its_domain_in_one_spelling(text: str, expected: str | None) -> None:
    assert email(text) == expected


@given(st.from_regex(r"[a-z0-9_+-]{1,12}(\.[a-z0-9_+-]{1,9}){0,2}@([a-z0-9-]{1,9}\.){1,3}[a-z]{2,6}", fullmatch=True))
def test_an_address_that_needs_no_validator_is_one_that_the_validator_leaves(text: str) -> None:
    from email_validator import EmailNotValidError, validate_email

    try:
        expected = validate_email(text, check_deliverability=False, globally_deliverable=False).normalized.lower()
    except EmailNotValidError:
        expected = None
    assert email(text) == expected


@pytest.mark.parametrize(
    ("text", "home", "expected"),
    [
        ("0170 1234567", "DE", "+491701234567"),
        ("+49 (0)170 1234567", None, "+491701234567"),
        ("0049 170 1234567", "DE", "+491701234567"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("tel:+49-170-1234567", None, "+491701234567"),
        ("0170 1234567", None, None),
        ("4155552671 x12", "US", None),
        ("491701234567", "DE", None),
        ("12345", "DE", None),
        ("iPhone 12", "US", None),
        ("0170 1234567", "XX", None),
    ],
)
def test_a_telephone_number_becomes_e164_where_it_is_known_whose(text: str, home: str | None, expected: str | None) -> None:
    assert phone(text, home) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, "DE") for text in ("de", "DEU", "276", "Germany", "germany", "Deutschland", "Allemagne")),
        *((text, "US") for text in ("USA", "U.S.A.", "United States of America", "Vereinigte Staaten")),
        *((text, "GB") for text in ("UK", "Great Britain", "England", "United Kingdom")),
        ("The Netherlands", "NL"),
        ("cote d’ivoire", "CI"),
        ("Kosovo", "XK"),
        *((text, None) for text in ("EU", "XX", "Bayern", "Korea", "Atlantis", "-")),
    ],
)
def test_a_country_becomes_its_code(text: str, expected: str | None) -> None:
    assert country(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, "en-US") for text in ("en-US", "en_US", "EN-us", "en_US.UTF-8")),
        *((text, "de") for text in ("de", "DE", "deu", "ger", "German", "deutsch")),
        ("zh_Hans_CN", "zh-Hans-CN"),
        ("root", None),
        ("English, mostly", None),
    ],
)
def test_a_language_becomes_its_tag(text: str, expected: str | None) -> None:
    assert language(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("usd", "USD"), ("€", "EUR"), ("Euro", "EUR"), ("US Dollar", "USD"), ("$", None), ("xyz", None)])
def test_a_currency_becomes_its_code(text: str, expected: str | None) -> None:
    assert currency(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, 1234.5) for text in ("1,234.50", "1.234,50", "1 234,50", "1\u202f234,5 €", "1'234.50", "$1,234.50", "EUR 1234.5", "1234,50 zł")),
        *((text, 12) for text in ("12", "12 €", "€12", "12EUR", "US$ 12", "+12")),
        *((text, -5) for text in ("-5", "−5 €", "-$5", "$-5")),
        *((text, 1234567) for text in ("1,234,567", "1.234.567", "1 234 567")),
        *((text, 0.5) for text in ("0,500", "0.5", "0,5")),
        ("1 234", 1234),
        ("1e5", 100000.0),
        ("0", 0),
        *((text, None) for text in ("1,234", "1.234", "12.345 €")),
        *((text, None) for text in ("007", "12 PCS", "12 %", "1.2.3", "1,23,456", "12,34.5", "5-", "--5", "NaN", "twelve", ".", "€")),
        ("1234567890123456", None),
        ("0.1234567890123456", None),
        ("1.23456789012345e20", 1.23456789012345e20),
        ("1.234567890123456e20", None),
    ],
)
def test_a_number_in_text_is_read_where_it_has_one_reading(text: str, expected: float | None) -> None:
    assert same(number(text), expected)


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.sampled_from(["", " €", " USD", " kr"]))
def test_whole_numbers_are_read_as_they_are_with_and_without_groups(value: int, unit: str) -> None:
    assert same(number(f"{value}{unit}"), value)
    if abs(value) >= 1_000_000:
        assert same(number(f"{value:,}{unit}"), value)
        assert same(number(f"{value:,}{unit}".replace(",", ".")), value)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_amounts_are_read_the_same_in_the_american_and_the_german_way(value: Any) -> None:
    american = f"{value:,.2f}"
    german = american.translate(str.maketrans(",.", ".,"))
    assert number(american) == number(german) == float(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("Yes", True), ("on", True), ("1", True), (1, True), ("FALSE", False), ("0", False), (0, False), (2, None), ("maybe", None)],
)
def test_yes_and_no_become_booleans(value: Any, expected: bool | None) -> None:
    assert boolean(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((text, "1990-12-31") for text in ("31/12/1990", "12/31/1990", "12-31-1990", "31.12.1990", "1990/12/31", "19901231", "1990-12-31")),
        ("1.2.1990", "1990-02-01"),
        ("05/05/2026", "2026-05-05"),
        ("2026-11-21T10:00:00+01:00", "2026-11-21T10:00:00+01:00"),
        ("1700000000", "2023-11-14T22:13:20.000Z"),
        (1700000000123, "2023-11-14T22:13:20.123Z"),
        *((text, None) for text in ("01/02/2026", "1-2-2026", "31.02.2026", "99999999", "May 1", "1/2/26", 1990)),
    ],
)
def test_a_date_becomes_iso_8601_where_only_one_day_can_be_meant(value: Any, expected: str | None) -> None:
    assert day_or_moment(value) == expected


@given(st.text(max_size=40), st.sampled_from(sorted(set(FIELDS.values()), key=lambda kind: kind.rule)))
def test_no_rule_fails_on_any_text_and_what_is_standard_stays_so(text: str, kind: Any) -> None:
    standard = kind.standard(text)
    if isinstance(standard, str) and standard:
        assert kind.standard(standard) == standard


@pytest.mark.parametrize("name", ["createdAt", "created_at", "CreatedAt", "email", "firstName", "postalCode", "Email", "e-mail"])
def test_a_field_is_known_in_each_spelling(name: str) -> None:
    assert name in FIELDS
