"""Countries as ISO 3166 alpha-2 codes."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "tr")
"""Whose names of countries are known. Each costs 3 ms, once, and only where a name comes; a name that means two countries means none."""

_NOT_COUNTRIES: Final = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""Two letters that CLDR has beyond ISO 3166-1 (https://unicode.org/reports/tr35/#unicode_region_subtag_validity). `XK` stays: Kosovo has no other."""

_CODE: Final = re.compile("[A-Z]{2,3}|[0-9]{3}")

_ALSO_CALLED: Final = {
    "united states of america": "US",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "holland": "NL",
    "czech republic": "CZ",
    "turkey": "TR",
    "russian federation": "RU",
    "ivory coast": "CI",
    "republic of korea": "KR",
    "viet nam": "VN",
    "uae": "AE",
    "burma": "MM",
    "swaziland": "SZ",
    "cape verde": "CV",
    "east timor": "TL",
}
"""English names in use that CLDR does not have as its main ones."""


@lru_cache(maxsize=2048)
def country(text: str) -> str | None:
    """`de`, `DEU`, `276`, `Germany` and `Deutschland` as `DE`; `UK` as `GB`; None for what is no country."""
    folded = _folded(text)
    code = folded.replace(" ", "").upper()
    if code in _codes():
        return code
    return (_successor(code) if _CODE.fullmatch(code) else None) or _ALSO_CALLED.get(folded) or _names().get(folded)


def _successor(code: str) -> str | None:
    """Of a code in three letters or digits, or one that is no longer in use: the country, where it is one alone."""
    from babel.core import get_global

    aliases: Mapping[str, Sequence[str]] = get_global("territory_aliases")
    match aliases.get(code):
        case [successor] if successor in _codes():
            return successor
    return None


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code in _territories("en") if len(code) == 2) - _NOT_COUNTRIES


def _territories(language: str) -> Mapping[str, str]:
    """By code, as CLDR has them (https://babel.pocoo.org/en/latest/api/core.html)."""
    from babel.core import Locale

    names: Mapping[str, str] = Locale(language).territories
    return names


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    doubtful = set()
    for language in LANGUAGES:
        for code, name in _territories(language).items():
            if code in _codes() and names.setdefault(_folded(name), code) != code:
                doubtful.add(_folded(name))
    return {name: code for name, code in names.items() if name not in doubtful}


def _folded(text: str) -> str:
    """Without case, accents and punctuation: `Côte d’Ivoire` and `cote d'ivoire` are one, `U.S.A.` is `usa`."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if letter.isalnum() or letter.isspace())
    return " ".join(word for word in bare.split() if word != "the")
