"""Numbers that a client sent as text, where only one number can be meant."""

import re
from typing import Final

from regulars.domain.cleaning.currencies import currency

_SPACES: Final = "  \u202f\u2009"
_MONEY: Final = r"[A-Z]{0,3}[$€£¥₹₽₩₺₫₴₪₦₱฿]|zł|kr\.?|[A-Z]{3}"
_PRICED: Final = re.compile(
    rf"(?P<sign>[-+]?)(?P<before>{_MONEY})?[{_SPACES}]?(?P<inner>[-+]?)(?P<digits>[0-9][0-9.,'’{_SPACES}]*?)[{_SPACES}]?(?P<after>{_MONEY})?"
)
_PLAIN: Final = re.compile(r"(0|[1-9][0-9]*)(?:[.,]([0-9]+))?")
_GROUPED: Final = re.compile(rf"([1-9][0-9]{{0,2}}(?P<group>[.,'’{_SPACES}])[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*)(?:(?!(?P=group))[.,]([0-9]+))?")
_SCIENTIFIC: Final = re.compile(r"-?(0|[1-9][0-9]*)(?:\.([0-9]+))?[eE][-+]?[0-9]{1,2}")
_MAX_DIGITS: Final = 15
"""A double tells any two numbers of so many digits apart, and no more (IEEE 754, DBL_DIG)."""


def number(text: str) -> int | float | None:
    """`1,234.50`, `1.234,50`, `12 €`, `1 234` and `1e5` as numbers; None where there are two readings or none.

    `1,234` and `1.234` are a thousand to some and one and a bit to others. A zero in front tells (`0,500` is a half), as do more groups
    (`1,234,567`) and any other count of digits behind (`12,5`). `007` is a code, and more than 15 digits are no double's.
    """
    text = text.replace("\u2212", "-")
    if scientific := _SCIENTIFIC.fullmatch(text):
        return float(text) if _is_exact(*scientific.groups("")) else None
    stated = _PRICED.fullmatch(text)
    if stated is None or (stated["sign"] and stated["inner"]) or not all(_is_money(stated[side]) for side in ("before", "after")):
        return None
    size = _size(stated["digits"])
    return -size if size is not None and "-" in (stated["sign"], stated["inner"]) else size


def _is_money(unit: str | None) -> bool:
    """A code of three letters must be a currency's: `12 PCS` is no sum of money."""
    return unit is None or not unit.isalpha() or not unit.isupper() or currency(unit.lower()) is not None


def _size(digits: str) -> int | float | None:
    if plain := _PLAIN.fullmatch(digits):
        whole, decimals = plain[1], plain[2]
        if decimals and len(decimals) == 3 and len(whole) <= 3 and whole != "0":
            return None
    elif grouped := _GROUPED.fullmatch(digits):
        whole, decimals = re.sub("[^0-9]", "", grouped[1]), grouped[3]
    else:
        return None
    if not _is_exact(whole, decimals or ""):
        return None
    return float(f"{whole}.{decimals}") if decimals else int(whole)


def _is_exact(whole: str, decimals: str) -> bool:
    return len(whole) + len(decimals) <= _MAX_DIGITS
