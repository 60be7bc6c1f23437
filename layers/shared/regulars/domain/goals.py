"""What counts as success, of a campaign or of a journey."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from regulars.domain.cleaning.currencies import currency
from regulars.domain.language import Fields, Problems, Value, printable, read_name, read_path, read_span

GOAL_KEYS: Final = ("event", "within", "value", "currency")


@dataclass(frozen=True)
class Goal:
    """What counts as success: the event, how long after the planned moment, and where in its properties the money is (or nowhere)."""

    event: str
    within: timedelta
    value: tuple[str, ...] = ()
    """Names from the outside in, as in a segment's `property`."""
    currency: str = ""
    """ISO 4217: what the value of events in another one is left out for. Empty where all are added up, whatever they are in."""


def read_goal(value: Value) -> Goal:
    """`{"event", "within", "value", "currency"}`. Raises the value's error with everything that is wrong."""
    goal, problems = Fields(value), Problems()
    problems.fields(value, GOAL_KEYS)
    nowhere = "value" not in goal or goal["value"].raw == ""
    read = Goal(
        problems.required(read_name, goal, "event") or "",
        problems.required(read_span, goal, "within") or timedelta(),
        () if nowhere else problems.read(read_path, goal["value"]) or (),
        problems.optional(_currency, goal, "currency", ""),
    )
    if nowhere and "currency" in goal:
        problems.note(goal["currency"].path, "says nothing without a `value`")
    problems.refuse(value.error)
    return read


def _currency(value: Value) -> str:
    code = value.text()
    found = currency(code)
    if found != code:
        value.refuse(f"`{printable(code)}` is no currency of ISO 4217{f': write `{found}`' if found else ', such as `EUR`'}")
    return code
