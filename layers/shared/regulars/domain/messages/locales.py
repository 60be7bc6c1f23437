"""Which of a message's languages somebody is told it in.

The lookup of RFC 4647 (https://www.rfc-editor.org/rfc/rfc4647#section-3.4): `fr-CA` is told `fr-CA`, else `fr`. Tags are compared as phones write
them: `pt_BR`, `zh-Hant-TW`, `en-US@rg=dezzzz`, and by the old codes that Android still tells
(https://developer.android.com/reference/java/util/Locale#legacy-language-codes).
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, TypeVar

from regulars.domain.language import Value

TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")

_OF_OLD: Final = {"iw": "he", "in": "id", "ji": "yi"}
_ALSO: Final = {"zh-tw": "zh-hant", "zh-hk": "zh-hant", "zh-mo": "zh-hant", "nb": "no", "nn": "no"}
"""Who reads the one reads the other, though its tag is no longer form of it: https://unicode.org/reports/tr35/#Likely_Subtags."""

Told = TypeVar("Told")


def read_tag(value: Value) -> str:
    """A language tag (https://www.rfc-editor.org/rfc/rfc5646), `tidy`."""
    text = value.text()
    if not TAG.fullmatch(text):
        value.refuse(f'a language tag is expected, such as "fr" or "pt-BR", not `{text}`')
    return tidy(text)


def chosen(told: Mapping[str, Told], wanted: Iterable[object]) -> Told | None:
    """The first of the `wanted` tags for which there is something; `told` has tidy ones; what is no text is no tag."""
    for tag in wanted:
        if isinstance(tag, str):
            for each in _lookup(tag):
                if each in told:
                    return told[each]
    return None


@lru_cache(maxsize=1_024)
def _lookup(tag: str) -> tuple[str, ...]:
    """From the most to the least that it says."""
    parts, found = tidy(tag).split("-"), list[str]()
    while parts:
        each = "-".join(parts)
        found += [each, *([_ALSO[each]] if each in _ALSO else [])]
        parts.pop()
        while parts and len(parts[-1]) == 1:
            parts.pop()
    return tuple(found)


def tidy(tag: str) -> str:
    """One spelling of it."""
    language, *rest = re.split(r"[.@]", tag.strip())[0].replace("_", "-").lower().split("-")
    return "-".join((_OF_OLD.get(language, language), *rest))
