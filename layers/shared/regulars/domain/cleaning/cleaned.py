"""The one entry: an event as it was accepted -> the same event clean."""

from collections.abc import Mapping
from typing import Any, Final

from regulars.domain.cleaning.fields import FIELDS
from regulars.domain.cleaning.identities import identified
from regulars.domain.cleaning.kinds import Kind
from regulars.domain.cleaning.standards import Standards
from regulars.domain.cleaning.texts import composed
from regulars.domain.cleaning.traffic import traffic
from regulars.domain.cleaning.values import standardised
from regulars.domain.collection.event import Correction, Event
from regulars.domain.collection.events import Envelope

DEFAULTS: Final = Standards()


def cleaned(
    event: Event,
    sent: Mapping[str, Any],
    envelope: Envelope,
    standards: Standards = DEFAULTS,
    *,
    kinds: Mapping[str, Kind] = FIELDS,
    plain: bool = False,
) -> Event:
    """The event with its ids, texts and values in standard form, `traffic` told, and what was corrected noted with what had been `sent`.

    A value that no rule makes sense of stays as it is. `kinds` says which of the properties is what; `plain` that all text of the request is
    ASCII. Clean again, it stays the same. Raises EventRejectedError("placeholder_id") where whoever did it is nobody.
    """
    found: list[Correction] = []
    event = identified(event, sent, envelope, standards, found)
    if not plain:
        event = composed(event, found)
    event = standardised(event, kinds, standards.country, found)
    kind_of_traffic = traffic(event)
    if not found and kind_of_traffic is None:
        return event
    return event._replace(corrections=(*event.corrections, *found), traffic=kind_of_traffic)
