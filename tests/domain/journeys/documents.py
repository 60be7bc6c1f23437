"""Documents that tests begin with, and people for them."""

import copy
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.person import PersonOfHistory
from regulars.domain.journeys.state import Clock, Happened, Input, Outcome, State
from regulars.domain.journeys.step import step
from regulars.domain.segments.evaluate import PastEvent, PersonHistory

FOLDER = Path(__file__).parents[3] / "examples/journeys"
EXAMPLES: Mapping[str, Any] = {file.stem: json.loads(file.read_text()) for file in sorted(FOLDER.glob("*.json")) if not file.stem.endswith(".test")}

BEGIN = datetime(2026, 11, 2, 9, tzinfo=UTC)
PUSH = {"push": {"title": "Hi"}}


def example(name: str, **changed: Any) -> Any:
    """A copy that may be changed, with nobody held out."""
    document = {**copy.deepcopy(EXAMPLES[name]), **changed}
    document.pop("holdout", None)
    return document


def small(steps: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A journey that begins with "A", at the first of its steps."""
    return {"id": "small", "entry": {"event": "A"}, "start": next(iter(steps)), "steps": dict(steps), **more}


def book(*documents: Any, **how: Any) -> Book:
    return Book.of([parse_journey(document) for document in documents], **how)


def after(hours: float = 0, **more: float) -> datetime:
    return BEGIN + timedelta(hours=hours, **more)


def person(user: str = "ann", traits: Mapping[str, Any] | None = None) -> PersonOfHistory:
    told = PastEvent("i", "identify", datetime(2026, 1, 1, tzinfo=UTC), "identify", traits=json.dumps(traits or {}))
    return PersonOfHistory(PersonHistory(user, told.at, (told,)))


ANN = person()


def event(name: str, at: datetime, identity: str = "", who: PersonOfHistory = ANN, **properties: Any) -> Happened:
    return Happened("event", name, at, identity or f"{name}@{at.isoformat()}", who, json.dumps(properties))


def clock(at: datetime, who: PersonOfHistory = ANN) -> Clock:
    return Clock(at, who)


class Told:
    """What a person was told, and the state that it ends in."""

    def __init__(self, journey: Book, state: State | None = None) -> None:
        self.book, self.state = journey, state
        self.outcomes: list[Outcome] = []

    def then(self, *inputs: Input, now: datetime | None = None) -> "Told":
        for this in inputs:
            outcome = step(self.book, self.state, this, now or this.at)
            self.state = outcome.state
            self.outcomes.append(outcome)
        return self

    @property
    def actions(self) -> list[tuple[str, datetime]]:
        return [(action.step, action.at) for outcome in self.outcomes for action in outcome.actions]

    @property
    def because(self) -> list[str]:
        """Why they left, each time, and what was noted."""
        return [move.because for outcome in self.outcomes for move in outcome.trail if move.kind != "came"]

    @property
    def keys(self) -> list[str]:
        return [action.key for outcome in self.outcomes for action in outcome.actions]


def lived(journey: Book, *inputs: Input, now: datetime | None = None) -> Told:
    return Told(journey).then(*inputs, now=now)


def messages(found: Iterable[tuple[str, datetime]]) -> list[str]:
    return [name for name, _ in found]
