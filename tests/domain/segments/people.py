"""The rows of a little lake as the histories of its people: whose an event is, in plain Python (docs/identity.md), sharing nothing with the SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from regulars.domain.segments.evaluate import PastDelivery, PastEvent, PersonHistory, evaluate
from regulars.domain.segments.rule import Rule, Segment
from tests.domain.segments.lake import Row, json_text


def audience(rule: Rule, rows: Sequence[Row], as_of: datetime, segments: Mapping[str, Segment], *, pushes: Sequence[Row] = ()) -> list[str]:
    """The ids of those of whom the rule is true, sorted."""
    return [person for person, history in sorted(histories(rows, pushes, as_of).items()) if evaluate(rule, history, as_of, segments)]


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
