"""E-mail addresses in one form, so that two records of one person match."""

import re
from functools import lru_cache
from typing import Final

_SURELY_CLEAN: Final = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:(?!xn--)[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){0,40}\.){1,4}[a-z]{2,20}")
"""What nearly all addresses are: they cost no validator. A test holds it to be stricter."""


@lru_cache(maxsize=8192)
def email(text: str) -> str | None:
    """`Anna@BÜCHER.de` -> `anna@bücher.de`; None where it is no address. Nothing is asked of the network.

    Domains go by UTS 46 (https://github.com/JoshData/python-email-validator#internationalized-email-addresses). The part before the @ is
    lower case, too: RFC 5321 lets a host tell `Anna` from `anna`, says in the same place that to do so is discouraged
    (https://www.rfc-editor.org/rfc/rfc5321#section-2.4), and no large one does. Addresses are matched with here, never written to.
    """
    small = text.lower()
    if len(small) <= 64 and _SURELY_CLEAN.fullmatch(small):
        return small
    from email_validator import EmailNotValidError, validate_email  # 45 ms, for whom no address ever comes

    try:
        stated = validate_email(small, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return stated.normalized
