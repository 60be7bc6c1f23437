"""All runs that a person has in one journey, by key, and what one input makes of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from regulars.domain.journeys.ahead import Ahead, overtaken
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.matching import begins, entry_key
from regulars.domain.journeys.state import Happened, Outcome, State
from regulars.domain.journeys.step import step


def moved_by(book: Book, states: Mapping[str, State], this: Happened, now: datetime, ahead: Sequence[Ahead] = ()) -> Mapping[str, Outcome]:
    """Of the runs in `states` and the one that this may begin, those that it moves. An item moves none but that one, which goes on by what came
    `ahead` of it."""
    begun = _key_begun(book.latest, this, now)
    keys = () if this.kind == "content" else states
    moved = {}
    for key in keys if begun is None or begun in keys else (*keys, begun):
        state = states.get(key)
        outcome = step(book, state, this, now)
        if ahead and outcome.state is not None and (state is None or outcome.state.entry != state.entry):
            outcome = overtaken(book, outcome, ahead, this.person, now)
        if outcome.state is not state or outcome.trail:
            moved[key] = outcome
    return moved


def _key_begun(journey: Journey, this: Happened, now: datetime) -> str | None:
    """The key of the run that it may begin. Without keys there is but one, and the step itself says whether it does."""
    if journey.entry.key is None:
        return ""
    return entry_key(journey, this) if begins(journey, this, min(this.at, now)) else None
