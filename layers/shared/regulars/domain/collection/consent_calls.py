"""Calls that tell of consent by their name, and the traits that each comes to (`consents`).

    Consent Given, Consent Withdrawn          `purpose` (a text or a list of them) and `channel` of the properties: ours
    Segment Consent Preference Updated        each of `context.consent.categoryPreferences`, true or false: Segment's consent manager's
        (https://segment.com/docs/privacy/consent-management/consent-in-unify/#segment-consent-preference-updated-event)

With a purpose and a channel other than push, the purpose is `<purpose>_<channel>`; with a channel alone, it is the channel; with neither, everything.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from regulars.domain.collection.consents import CHANNEL, EVERYTHING, telling
from regulars.domain.documents import JsonObject
from regulars.domain.language import PURPOSE

GIVEN: Final = "Consent Given"
WITHDRAWN: Final = "Consent Withdrawn"
PREFERENCES: Final = "Segment Consent Preference Updated"

CONSENT_CALLS: Final = frozenset({GIVEN, WITHDRAWN, PREFERENCES})

MOST_PURPOSES: Final = 50
"""Of one call that are heard: a list of thousands is no person's doing."""


def told_traits(name: str, properties: JsonObject, context: JsonObject) -> JsonObject:
    """The traits that a call of one of CONSENT_CALLS comes to; none where it says nothing that can be understood."""
    told: dict[str, bool] = {}
    for purpose, agreed in _of_preferences(context) if name == PREFERENCES else _of_call(name == GIVEN, properties):
        told |= telling(purpose, agreed=agreed)
    return told


def purpose_of(purpose: str, channel: str) -> str:
    """What consent to it by the channel is called among the purposes."""
    return channel if not purpose else purpose if channel in (EVERYTHING, CHANNEL) else f"{purpose}_{channel}"


def _of_call(agreed: bool, properties: JsonObject) -> Iterator[tuple[str, bool]]:
    """Whoever withdraws a consent to something that cannot be read withdraws all: a no that nobody heard would be the worse mistake."""
    purposes, channel = _words(properties.get("purpose")), _words(properties.get("channel"))
    unread = purposes is None or channel is None or len(channel) > 1
    if unread and not agreed:
        yield EVERYTHING, False
    elif purposes is not None and channel is not None and not unread:
        for purpose in purposes or [EVERYTHING]:
            yield purpose_of(purpose, *(channel or [EVERYTHING])), agreed


def _of_preferences(context: JsonObject) -> Iterator[tuple[str, bool]]:
    consent = context.get("consent")
    preferences = consent.get("categoryPreferences") if isinstance(consent, Mapping) else None
    for purpose, agreed in list(preferences.items() if isinstance(preferences, Mapping) else ())[:MOST_PURPOSES]:
        if PURPOSE.admits(purpose) and isinstance(agreed, bool):
            yield purpose, agreed


def _words(value: Any) -> list[str] | None:
    """The purposes or channels that are named, none where nothing is; None where they are no words."""
    named = [] if value is None or value == "" else value if isinstance(value, list) else [value]
    good = all(isinstance(each, str) and PURPOSE.admits(each) for each in named)
    return named if good and len(named) <= MOST_PURPOSES else None
