"""Ids that are nobody's: what a client's mistake leaves where an id should be, the same for everybody who meets it."""

import re
from collections.abc import Collection
from typing import Final

PLACEHOLDERS: Final = frozenset(
    (
        # What PostHog never merges people by (`isDistinctIdIllegal` in
        # https://github.com/PostHog/posthog/blob/master/plugin-server/src/worker/ingestion/persons/person-merge-service.ts).
        *("anonymous", "guest", "distinctid", "distinct_id", "id", "not_authenticated", "email", "undefined", "true", "false"),
        *("[object object]", "nan", "none", "null", "0"),
        # The same mistakes in Go, Objective-C, Ruby and spreadsheets, and the names of the fields themselves.
        *("nil", "<nil>", "<null>", "(null)", "(none)", "n/a", "#n/a", "unknown", "-1"),
        *("userid", "user_id", "anonymousid", "anonymous_id"),
    )
)
"""In small letters: a mistake is one in any case."""

_QUOTES: Final = "'\""
_ODD: Final = frozenset("0-{$%" + _QUOTES)
"""How an id begins that asks for a closer look."""

_ZEROS: Final = re.compile("[0-]+")
_UNFILLED: Final = re.compile(r"\{\{.*\}\}|\$\{.*\}|%7B%7B.*", re.IGNORECASE)
"""A template that nobody filled in, as in a tag manager."""


def is_placeholder(text: str, known: Collection[str] = PLACEHOLDERS) -> bool:
    """Whether an id or a token is one of `known` (in small letters), all zeros, or an unfilled template, also in quotes."""
    return text.lower() in known or (text[0] in _ODD and _is_odd(text, known))


def _is_odd(text: str, known: Collection[str]) -> bool:
    if text[0] in _QUOTES:
        inner = text.strip(_QUOTES)
        return not inner or is_placeholder(inner, known)
    return (_ZEROS.fullmatch(text) or _UNFILLED.fullmatch(text)) is not None
