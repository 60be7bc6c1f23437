"""Bots and tests are told from customers, and kept."""

from typing import Any

import pytest

from tests.domain.cleaning.samples import clean

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) {} Safari/537.36"


@pytest.mark.parametrize(
    "agent",
    [
        CHROME.format("HeadlessChrome/131.0.0.0"),
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (Linux; Android 11; moto g) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0 Mobile Safari/537.36 Chrome-Lighthouse",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
        "facebookexternalhit/1.1",
        "curl/8.5.0",
        "python-requests/2.32",
    ],
)
def test_a_program_that_says_so_is_a_bot(agent: str) -> None:
    event = clean(context={"userAgent": agent})
    assert (event.traffic, event.user_id, event.corrections) == ("bot", "u-1", ())


@pytest.mark.parametrize(
    "agent",
    [
        CHROME.format("Chrome/131.0.0.0"),
        "Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/300.0 Mobile/15E148 Safari/604.1",
        "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP2A.240805.005)",
        "Shop/5.2.0 CFNetwork/1490 Darwin/23.0.0",
        "okhttp/4.12.0",
    ],
)
def test_a_customers_browser_and_app_are_not(agent: str) -> None:
    assert clean(context={"userAgent": agent}).traffic is None


@pytest.mark.parametrize(
    "told",
    [
        {"context": {"test": True}},
        {"context": {"device": {"id": "d-1", "model": "sdk_gphone64_arm64"}}},
        {"type": "identify", "traits": {"email": "Ada@Example.com"}},
        {"type": "identify", "traits": {"email": "ada@shop.test"}},
    ],
)
def test_an_emulator_and_a_reserved_address_are_a_test(told: dict[str, Any]) -> None:
    assert clean(**told).traffic == "test"


@pytest.mark.parametrize("address", ["ada@example.de", "ada@myexample.com", "example.com@shop.de", "ada@testing.com", "", 7])
def test_an_address_at_a_domain_of_somebody_is_not(address: Any) -> None:
    assert clean(type="identify", traits={"email": address}).traffic is None
