"""Which identify call tells a trait."""

from datetime import datetime

from regulars.domain.language.wording import MISSING
from regulars.domain.segments.evaluate.history import PastEvent, PersonHistory
from regulars.domain.segments.evaluate.json_texts import value_at


def telling(history: PersonHistory, name: str, as_of: datetime) -> PastEvent | None:
    """The newest identify call before the moment that names the trait, be it null; None where none does."""
    told = (event for event in history.events if event.type == event.name == "identify" and event.at < as_of)
    return max((event for event in told if value_at(event.traits, (name,)) is not MISSING), key=lambda event: event.order, default=None)
