"""Where a person was last."""

from datetime import datetime

from regulars.domain.segments.evaluate.history import PastEvent, PersonHistory
from regulars.domain.segments.evaluate.json_texts import scalar, value_at
from regulars.domain.segments.evaluate.values import number
from regulars.domain.segments.evaluate.verdicts import Verdict
from regulars.domain.segments.places import LATITUDE, LATITUDES, LOCATION, LONGITUDE, LONGITUDES, is_near
from regulars.domain.segments.rule import Near

Place = tuple[float, float]
"""Latitude and longitude in degrees."""


def nearby(near: Near, history: PersonHistory, as_of: datetime) -> Verdict:
    """None where no event of the span says where it was."""
    told = last_told(near, history, as_of)
    place = place_of(told) if told else None
    return None if place is None else is_near(near, *place)


def last_told(near: Near, history: PersonHistory, as_of: datetime) -> PastEvent | None:
    """The newest event of the span that says where it was."""
    recent = (event for event in history.events if as_of - near.within <= event.at < as_of)
    return max((event for event in recent if place_of(event)), key=lambda event: event.order, default=None)


def place_of(event: PastEvent) -> Place | None:
    latitude = number(scalar(value_at(event.context, (*LOCATION, *LATITUDE))))
    longitude = number(scalar(value_at(event.context, (*LOCATION, *LONGITUDE))))
    if latitude is None or longitude is None:
        return None
    inside = LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]
    return (latitude, longitude) if inside else None
