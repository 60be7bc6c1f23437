"""Languages and locales as BCP 47 tags (https://www.rfc-editor.org/rfc/rfc5646)."""

import re
from functools import cache, lru_cache
from typing import Final

from regulars.domain.cleaning.countries import LANGUAGES

_SURELY_CLEAN: Final = re.compile("[a-z]{2}(?:-[A-Z]{2})?")
_TAG: Final = re.compile("([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?(?:[.@].*)?")


@lru_cache(maxsize=1024)
def language(text: str) -> str | None:
    """`en_US`, `EN-us`, `en_US.UTF-8` and `eng` as `en-US` and `en`; `German` and `Deutsch` as `de`; None for what is no language."""
    if _SURELY_CLEAN.fullmatch(text):
        return text
    if (tag := _TAG.fullmatch(text)) and (code := _code(tag[1].lower())):
        script, region = (tag[2] or "").title(), (tag[3] or "").upper()
        return "-".join(part for part in (code, script, region) if part)
    return _names().get(text.casefold())


def region(tag: str) -> str | None:
    """The country of a locale: `DE` of `de-DE`."""
    last = tag.rpartition("-")[2]
    return last if len(last) == 2 and last.isupper() else None


def _code(stated: str) -> str | None:
    """The shortest code of it: ISO 639-1 where there is one."""
    from babel.core import Locale, get_global

    code = get_global("language_aliases").get(stated, stated)
    return code if code in Locale("en").languages else None


@cache
def _names() -> dict[str, str]:
    """In English, and for the larger ones in the language itself."""
    from babel.core import Locale

    own = {str(Locale(code).languages[code]).casefold(): code for code in LANGUAGES}
    return {**{name.casefold(): code.replace("_", "-") for code, name in Locale("en").languages.items()}, **own}
