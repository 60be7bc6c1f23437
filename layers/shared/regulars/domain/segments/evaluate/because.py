"""What decided one clause, kind by kind."""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from regulars.domain.lake.buckets import bucket_of
from regulars.domain.language import Path, shown
from regulars.domain.segments.evaluate.clocks import zone_of
from regulars.domain.segments.evaluate.counted import MOST_EVENTS, because_of_events, event_evidence
from regulars.domain.segments.evaluate.deliveries import conversions, runs
from regulars.domain.segments.evaluate.devices import standings
from regulars.domain.segments.evaluate.evidence import Evidence, shown_value
from regulars.domain.segments.evaluate.history import PersonHistory
from regulars.domain.segments.evaluate.json_texts import value_at
from regulars.domain.segments.evaluate.places import last_told, place_of
from regulars.domain.segments.evaluate.sequences import Passage, happened, passages
from regulars.domain.segments.evaluate.traits import telling
from regulars.domain.segments.phrases import path_phrase, quoted, span_phrase
from regulars.domain.segments.places import distance_m
from regulars.domain.segments.rule import (
    Bucket,
    Clause,
    Converted,
    Delivered,
    EventClause,
    EventSequence,
    Everyone,
    Near,
    OwnTime,
    Reachable,
    Trait,
    Users,
)


def because(clause: Clause, history: PersonHistory, as_of: datetime) -> Iterator[Evidence]:
    """Of somebody who is known; the most telling first, and never more than a screen."""
    match clause:
        case Everyone():
            yield Evidence(f"first seen at {shown(history.first_seen)}" if history.first_seen else "never seen", at=history.first_seen)
        case Users(user_ids):
            yield Evidence(f"{quoted(history.user_id)} is {'' if history.user_id in user_ids else 'not '}one of the {len(user_ids)}")
        case Bucket(salt):
            yield Evidence(f"their bucket is {bucket_of(history.user_id, salt)}")
        case Trait(path):
            yield _of_trait(path, history, as_of)
        case EventClause():
            yield from because_of_events(clause, history, as_of)
        case OwnTime(own):
            zone = zone_of(history, as_of)
            yield Evidence(f"their clock is that of {zone.key}" if zone else "no identify call told a time zone of theirs that is known")
            yield from because(own, history, as_of.astimezone(zone)) if zone else ()
        case EventSequence():
            yield from _of_sequence(clause, history, as_of)
        case Reachable():
            yield from _of_devices(history, as_of)
        case Converted(campaign_id, goal):
            found = sorted(conversions(clause, history, as_of), key=lambda event: event.order, reverse=True)
            yield Evidence(f"{len(found)} of {quoted(goal.event)} came within {span_phrase(goal.within)} of a push of {quoted(campaign_id)}")
            yield from (event_evidence(event, ()) for event in found[:MOST_EVENTS])
        case Near():
            yield _of_place(clause, history, as_of)
        case Delivered():
            yield from _of_deliveries(clause, history, as_of)
        case _:
            assert_never(clause)


def _of_trait(path: Path, history: PersonHistory, as_of: datetime) -> Evidence:
    told = telling(history, path[0], as_of)
    if told is None:
        return Evidence(f"no identify call told {path_phrase(path[:1])}")
    value = shown_value(value_at(told.traits, path))
    return Evidence(f"{path_phrase(path)} is {value}, told at {shown(told.at)} by {told.message_id}", told.message_id, told.at, value)


def _of_place(near: Near, history: PersonHistory, as_of: datetime) -> Evidence:
    told = last_told(near, history, as_of)
    place = place_of(told) if told else None
    if told is None or place is None:
        return Evidence(f"no event of the last {span_phrase(near.within)} says where they were")
    away = f"{distance_m(near, *place):,.0f} m away"
    return Evidence(
        f"last seen {away}, at {shown(told.at)}, by {quoted(told.name)} {told.message_id}", told.message_id, told.at, f"{place[0]!r}, {place[1]!r}"
    )


def _of_sequence(clause: EventSequence, history: PersonHistory, as_of: datetime) -> Iterator[Evidence]:
    """The newest way through that is whole, or else the newest that came to nothing."""
    found = passages(clause, history.events, as_of)
    whole = [passage for passage in found if happened(clause, passage)]
    if not found:
        yield Evidence("no event came to the last step in time")
        return
    passage = (whole or found)[-1]
    yield Evidence(f"{len(whole)} of {len(found)} ways through the steps count; the newest{'' if whole else ', which does not'}:")
    yield from (event_evidence(event, [condition.path for condition in step.where]) for event, step in zip(passage.chain, clause.steps, strict=True))
    yield from _what_followed(clause, passage)


def _what_followed(clause: EventSequence, passage: Passage) -> Iterator[Evidence]:
    if clause.then_not is None:
        return
    spoilt = passage.spoilt_by
    unwanted = quoted(clause.then_not.name)
    if spoilt is not None:
        yield Evidence(f"then {unwanted} at {shown(spoilt.at)}", spoilt.message_id, spoilt.at)
    elif not passage.over and clause.within is not None:
        yield Evidence(f"nobody can say yet whether {unwanted} follows within {span_phrase(clause.within)}")
    else:
        yield Evidence(f"no {unwanted} followed")


def _of_devices(history: PersonHistory, as_of: datetime) -> Iterator[Evidence]:
    found = sorted(standings(history, as_of), key=lambda standing: (not standing.against, standing.since), reverse=True)
    if not found:
        yield Evidence("no device that is heard of is theirs")
    for standing in found[:MOST_EVENTS]:
        verdict = f"does not lead to them: {standing.against}" if standing.against else "leads to them"
        yield Evidence(f"device {standing.device_id}, registered at {shown(standing.since)}, {verdict}", at=standing.since)
    if len(found) > MOST_EVENTS:
        yield Evidence(f"and {len(found) - MOST_EVENTS} more devices")


def _of_deliveries(clause: Delivered, history: PersonHistory, as_of: datetime) -> Iterator[Evidence]:
    found = runs(clause, history.deliveries, as_of)
    yield Evidence(f"{clause.fate} in {len(found)} run{'' if len(found) == 1 else 's'}")
    newest = sorted(((max(push.at for push in pushes), run_id, pushes[0].campaign_id) for run_id, pushes in found.items()), reverse=True)
    for at, run_id, campaign_id in newest[:MOST_EVENTS]:
        yield Evidence(f"run {run_id} of campaign {quoted(campaign_id)} at {shown(at)}", at=at)
    if len(newest) > MOST_EVENTS:
        yield Evidence(f"and {len(newest) - MOST_EVENTS} more, the oldest at {shown(newest[-1][0])}")
