"""Currencies as ISO 4217 codes."""

import re
from functools import cache, lru_cache
from typing import Final

_CODE: Final = re.compile("[A-Z]{3}")
_SYMBOLS: Final = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "₺": "TRY",
    "₫": "VND",
    "₴": "UAH",
    "₪": "ILS",
    "₦": "NGN",
    "₱": "PHP",
    "฿": "THB",
    "zł": "PLN",
}
"""Those that one currency alone is written with: `$`, `¥` and `kr` are not among them."""


@lru_cache(maxsize=256)
def currency(text: str) -> str | None:
    """`usd`, `€` and `Euro` as `USD` and `EUR`; None for what is no currency, or, like `$`, could be several. What looks like a code is one."""
    if _CODE.fullmatch(text):
        return text
    if symbol := _SYMBOLS.get(text):
        return symbol
    codes = _codes()
    return codes.get(text.upper()) or codes.get(text.casefold())


@cache
def _codes() -> dict[str, str]:
    """Codes, and English names in small letters, as CLDR has them (https://babel.pocoo.org/en/latest/api/numbers.html)."""
    from babel.core import Locale, get_global

    codes = get_global("all_currencies")
    names = {name.casefold(): code for code, name in Locale("en").currencies.items() if code in codes}
    return {**names, **{code: code for code in codes}}
