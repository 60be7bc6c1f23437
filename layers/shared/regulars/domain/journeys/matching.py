"""Whether something that happened is what a journey waits for. Unknown is not."""

import hashlib
from datetime import datetime

from regulars.domain.journeys.journey import NAMING_JOURNEYS, Exit, Journey
from regulars.domain.journeys.limits import MAX_KEY
from regulars.domain.journeys.state import Happened, Moment
from regulars.domain.journeys.steps import EventPattern
from regulars.domain.language import Path
from regulars.domain.segments.evaluate.json_texts import Spelled, scalar, value_at


def matches(pattern: EventPattern, this: Happened, at: datetime, context: str | None) -> bool:
    """Whether it is such an event, or item; `context` is what the run began with."""
    if this.kind != pattern.kind or (pattern.kind == "event" and this.name != pattern.name) or not pattern.meets(this.properties, at):
        return False
    return pattern.same is None or _says_the_same(pattern.same, this.properties, context)


def _says_the_same(path: Path, properties: str | None, context: str | None) -> bool:
    said = _said(properties, path)
    return said is not None and said == _said(context, path)


def _said(properties: str | None, path: Path) -> str | None:
    """As text. A number is the same as long as it is as large: where JavaScript writes 1, Python and PHP may write 1.0."""
    value = value_at(properties, path)
    if isinstance(value, Spelled) and "." in value and "e" not in value.lower():
        return value.rstrip("0").rstrip(".")
    return scalar(value)


def exit_by(journey: Journey, entry: Moment, context: str | None, this: Happened, moment: Moment) -> Exit | None:
    """Which of its exits ends the run of that entry. It counts from anywhere, and late as well: it can only prevent."""
    if moment <= entry or this.id == entry.id:
        return None
    return next((end for end in journey.exits if matches(end.pattern, this, moment.at, context)), None)


def begins(journey: Journey, this: Happened, at: datetime) -> bool:
    """Whether it is what the journey begins with. An input of content or of `api` names the journey itself."""
    entry = journey.entry
    wanted = journey.id if entry.kind in NAMING_JOURNEYS else entry.name
    return this.kind == entry.kind and this.name == wanted and entry.meets(this.properties, at)


def entry_key(journey: Journey, this: Happened) -> str | None:
    """Which of the runs that a person may have side by side it would begin; None: it does not say. A longer one than can be kept goes by its hash."""
    if journey.entry.key is None:
        return ""
    key = _said(this.properties, journey.entry.key)
    if key and len(key) > MAX_KEY:
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return key or None
