"""Telephone numbers in E.164 (https://www.itu.int/rec/T-REC-E.164): `+`, country code, number, and nothing else."""

import re
from functools import lru_cache
from typing import Final

_E164: Final = re.compile(r"\+[1-9][0-9]{7,14}")


@lru_cache(maxsize=8192)
def phone(text: str, country: str | None = None) -> str | None:
    """`0170 1234567` of a German is `+491701234567`; None where that cannot be told: a national number without a `country` (ISO 3166
    alpha-2), one that no country gives out, one with an extension, which E.164 has no place for, and `491701234567`, which is a number in
    Germany with and without a `+`."""
    if _E164.fullmatch(text):
        return text
    import phonenumbers  # 70 ms, for whom no number ever comes

    read = _read(text, country)
    code = str(phonenumbers.country_code_for_region(country)) if country else ""
    if code and read and text.startswith(code) and (other := _read(f"+{text}", None)) and other != read:
        return None
    return read


def _read(text: str, country: str | None) -> str | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
