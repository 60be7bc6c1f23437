"""The rows of a little lake as the histories of its people: whose an event is, in plain Python (docs/identity.md), sharing nothing with the SQL."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from regulars.domain.segments.clauses import ONCE
from regulars.domain.segments.evaluate import PastDelivery, PastEvent, PersonHistory, Standing, evaluate
from regulars.domain.segments.evaluate.events import counting
from regulars.domain.segments.evaluate.measures import measured
from regulars.domain.segments.measure import Aggregate, Distinct, Rank
from regulars.domain.segments.person_history import ranks_asked
from regulars.domain.segments.rule import EventClause, Rule, Segment
from tests.domain.segments.lake import Row, json_text


def audience(rule: Rule, rows: Sequence[Row], as_of: datetime, segments: Mapping[str, Segment], *, pushes: Sequence[Row] = ()) -> list[str]:
    """The ids of those of whom the rule is true, sorted."""
    everybody = ranked(rule, histories(rows, pushes, as_of), as_of, segments)
    return [person for person, history in sorted(everybody.items()) if evaluate(rule, history, as_of, segments)]


def ranked(rule: Rule, people: Mapping[str, PersonHistory], as_of: datetime, segments: Mapping[str, Segment]) -> dict[str, PersonHistory]:
    """The histories with how each stands among all of them, by what the rule asks."""
    standings: dict[str, dict[EventClause, Standing]] = {person: {} for person in people}
    for clause in ranks_asked(rule, segments):
        places = [(_amount(clause, events, as_of), events[-1].at, _digest(person), person) for person, events in _who_did(clause, people, as_of)]
        last_first = sorted((each for each in places if each[0] is not None), key=lambda each: each[2])
        in_order = sorted(last_first, key=lambda each: each[:2], reverse=True)  # stable: equals stay in the order of their digests
        for place, (*_, person) in enumerate(in_order, 1):
            standings[person][clause] = Standing(place, len(in_order))
    return {person: replace(history, standings=standings[person]) for person, history in people.items()}


def _who_did(clause: EventClause, people: Mapping[str, PersonHistory], as_of: datetime) -> Iterator[tuple[str, list[PastEvent]]]:
    for person, history in people.items():
        if history.known(as_of) and (events := counting(history.events, clause, as_of)):
            yield person, sorted(events, key=lambda event: event.at)


def _amount(clause: EventClause, events: list[PastEvent], as_of: datetime) -> Any:
    match clause.measure:
        case Rank(amount="count"):
            return len(events)
        case Rank(amount="first"):
            return events[0].at
        case Rank(amount="last"):
            return events[-1].at
        case Rank(amount="distinct", path=path):
            return measured(Distinct(path, ONCE), events, as_of)
        case Rank(amount="sum" | "avg" | "min" | "max" as function, path=path):
            return measured(Aggregate(function, path or (), ONCE), events, as_of)
    raise AssertionError(clause)


def _digest(person: str) -> str:
    return hashlib.sha256(person.encode()).hexdigest().upper()


def histories(rows: Sequence[Row], pushes: Sequence[Row], as_of: datetime) -> dict[str, PersonHistory]:
    """By user id, everybody whom an event before the moment names; pushes are as `Lake.deliver` takes them."""
    past = [row for row in rows if row["event_ts"] < as_of]
    whose = owners(past)
    theirs: dict[str, list[PastEvent]] = {}
    for row in past:
        user, anonymous = row["user_id"], row.get("anonymous_id")
        person = renamed(user, whose, 3) if user is not None else renamed(whose.get(("anonymous", anonymous)), whose, 2)
        if person is not None:
            theirs.setdefault(person, []).append(past_event(row))
    sent: dict[str | None, list[PastDelivery]] = {}
    for push in pushes:
        sent.setdefault(renamed(push["user_id"], whose, 3), []).append(past_delivery(push))
    seen = {user: min(row["event_ts"] for row in past if row["user_id"] == user) for user in {row["user_id"] for row in past} - {None}}
    return {
        user: PersonHistory(user, first if renamed(user, whose, 3) == user else None, tuple(theirs.get(user, ())), tuple(sent.get(user, ())))
        for user, first in seen.items()
    }


def past_event(row: Row) -> PastEvent:
    return PastEvent(
        message_id=row["message_id"],
        name=row.get("other_name") or row["event_name"],
        at=row["event_ts"],
        type=row.get("type", "track"),
        properties=json_text(row.get("properties")),
        traits=json_text(row.get("traits")),
        context=json_text(row.get("context")),
        received=row.get("received_ts"),
        place=row.get("place"),
    )


def past_delivery(push: Row) -> PastDelivery:
    return PastDelivery(push["run_id"], push["campaign_id"], push["outcome"], push["delivered_ts"])


def owners(past: Sequence[Row]) -> dict[tuple[str, Any], str]:
    """Who claimed each id first."""
    first: dict[tuple[str, Any], str] = {}
    made: set[tuple[tuple[str, Any], str]] = set()
    for row in sorted(past, key=lambda row: past_event(row).order):
        user, anonymous = row["user_id"], row.get("anonymous_id")
        previous = row["properties"]["previousId"] if row["event_name"] == row.get("type") == "alias" else None
        said = [("anonymous", anonymous), ("anonymous", previous), *([("user", previous)] if previous != anonymous else [])]
        for kind, claimed in said:
            if user is not None and claimed is not None and claimed != user:
                turned_round = kind == "user" and (("user", user), claimed) in made
                made.add(((kind, claimed), user))
                if not turned_round:
                    first.setdefault((kind, claimed), user)
    return first


def renamed(person: str | None, whose: Mapping[tuple[str, Any], str], times: int) -> str | None:
    for _ in range(times):
        person = whose.get(("user", person), person)
    return person
