"""A tracking plan: for each event a JSON Schema of what it says, and what becomes of one that says something else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

Consequence = Literal["report", "quarantine"]
"""`report` keeps the event with its violations beside it; `quarantine` refuses it until somebody repairs it."""

CALLS: Final = ("identify", "group", "page", "screen")
"""The calls besides `track` that a plan may speak of, each with one schema: of its traits (identify, group) or of its properties."""

PLAN_VIOLATION: Final = "plan_violation"
"""The reason of quarantine: a key of `collection.rejection.REASONS`."""


class Checker(Protocol):
    """A compiled JSON Schema."""

    def iter_errors(self, instance: Any) -> Any:
        """Each with `message` and `instance_path`."""
        ...


@dataclass(frozen=True)
class Expectation:
    """What an event says: its schema, compiled."""

    checker: Checker
    violations: Consequence


@dataclass(frozen=True)
class Plan:
    """`track` is by the event's name, `calls` by the call. `sources` are those it is for: all, where it names none. `unplanned` is what becomes of a
    track call that the plan does not name: None lets it pass."""

    id: str
    name: str
    track: Mapping[str, Expectation]
    calls: Mapping[str, Expectation]
    sources: frozenset[str] = frozenset()
    unplanned: Consequence | None = None

    def is_for(self, source: str) -> bool:
        return not self.sources or source in self.sources
