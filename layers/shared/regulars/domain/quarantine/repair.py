"""What is done to a refused event before it is tried again: steps, one after the other.

{"steps": [{"rename": "props", "to": "properties"},
           {"cast": "properties.revenue", "to": "number"},
           {"set": "properties.currency", "to": "EUR"},
           {"default": "userId", "from": "anonymousId"}]}
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, assert_never

from regulars.domain.collection.json_text import parsed_exactly, written
from regulars.domain.language import Path, printable
from regulars.domain.quarantine.casts import CASTS

Json = dict[str, Any]


class RepairError(Exception):
    """This event cannot be repaired so. The text says what is in the way."""


@dataclass(frozen=True)
class Rename:
    """What is at `path` is at `to` from now on, where nothing may be but null. An event without it stays as it is."""

    path: Path
    to: Path


@dataclass(frozen=True)
class Put:
    """`path` holds `value`, or what is at `source` if there is anything; with `only_absent` no more than where nothing or null is."""

    path: Path
    value: Any = None
    source: Path | None = None
    only_absent: bool = False


@dataclass(frozen=True)
class Cast:
    """What is at `path` is of type `to` (`CASTS`). An event without it stays as it is."""

    path: Path
    to: str


Step = Rename | Put | Cast


@dataclass(frozen=True)
class Repair:
    steps: tuple[Step, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.steps)

    def mend(self, event: Json) -> None:
        """Changes the event, in place. Raises RepairError."""
        for step in self.steps:
            match step:
                case Rename():
                    _rename(event, step)
                case Put():
                    _put(event, step)
                case Cast():
                    _cast(event, step)
                case _:
                    assert_never(step)


def _rename(event: Json, step: Rename) -> None:
    value = _found(event, step.path)
    if value is None:
        return
    if _found(event, step.to) is not None:
        raise RepairError(f"{_shown(step.path)} cannot become {_shown(step.to)}: both are there")
    del _holder(event, step.path)[step.path[-1]]
    _holder(event, step.to)[step.to[-1]] = value


def _put(event: Json, step: Put) -> None:
    if step.only_absent and _found(event, step.path) is not None:
        return
    value = step.value if step.source is None else _found(event, step.source)
    if step.source is None or value is not None:
        _holder(event, step.path)[step.path[-1]] = _copy(value)


def _cast(event: Json, step: Cast) -> None:
    value = _found(event, step.path)
    if value is None:
        return
    try:
        _holder(event, step.path)[step.path[-1]] = CASTS[step.to](value)
    except (ValueError, OverflowError, OSError):
        raise RepairError(f"{_shown(step.path)} is {printable(str(value))}, which is no {step.to}") from None


def _found(event: Json, path: Path) -> Any:
    """What is there; None where nothing is."""
    value: Any = event
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _holder(event: Json, path: Path) -> Json:
    """The object that the last name of the path is in; made where there is none yet."""
    for holder in _down(event, path):
        event = holder
    return event


def _down(event: Json, path: Path) -> Iterator[Json]:
    for place, name in enumerate(path[:-1], 1):
        if event.get(name) is None:
            event[name] = {}
        if not isinstance(event[name], dict):
            raise RepairError(f"{_shown(path[:place])} is no object, so it has no {_shown(path[place:])}")
        event = event[name]
        yield event


def _copy(value: Any) -> Any:
    """Of objects and lists, so that a later step, or the next event, changes its own."""
    return parsed_exactly(written(value)) if isinstance(value, dict | list) else value


def _shown(path: Path) -> str:
    return printable(".".join(path))
