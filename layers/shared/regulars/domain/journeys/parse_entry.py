"""Reading what begins a run, who may begin again, and what ends one."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final, Literal

from regulars.domain.journeys.affinity import read_affinity
from regulars.domain.journeys.audience import EVERYBODY, Audience, read_audience
from regulars.domain.journeys.inputs import TriggerKind
from regulars.domain.journeys.journey import EACH_ITEM, Entry, Exit, Reentry
from regulars.domain.journeys.limits import LONGEST_WAIT, MAX_EXITS
from regulars.domain.journeys.parse_steps import read_event, read_pattern, read_wait
from regulars.domain.journeys.rules import rule_or_problems, where_or_problems
from regulars.domain.journeys.steps import EventPattern
from regulars.domain.language import SEGMENT_ID, Fields, Problems, Value, read_id, read_path, read_span

ENTRY_KINDS: Final[Mapping[TriggerKind, tuple[str, ...]]] = MappingProxyType(
    {
        "event": ("where", "if", "key", "max_age"),
        "segment": ("if", "max_age"),
        "near": ("if", "key", "max_age"),
        "content": ("if", "affinity", "key", "max_age"),
        "api": ("where", "if", "key"),
    }
)
"""What each may say beside what it is."""

REENTRY_KEYS: Final = ("while_in", "after", "max")
_WHILE_IN: Final[tuple[Literal["ignore", "restart"], ...]] = ("ignore", "restart")
_ENDS: Final[tuple[Literal["exit", "goal"], ...]] = ("exit", "goal")
_NOT_HERE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "radius_m": "is said by each place, or its list (docs/places.md)",
        "dwell": "is said where it is measured: by the telephone, or by the setting `location` (docs/places.md)",
    }
)


def read_entry(value: Value, problems: Problems, *, gathers: bool) -> Entry:
    """`gathers`: its steps collect items, so that people have one run for many of them."""
    given = problems.read(Fields, value)
    kind = problems.one_of(given, ENTRY_KINDS, "an entry") if given is not None else None
    if given is None or kind is None:
        return Entry("api")
    which = next(each for each in ENTRY_KINDS if each == kind)
    problems.fields(value, (kind, *ENTRY_KINDS[which]))
    name, pattern = _what(which, given, problems)
    return Entry(
        which,
        name,
        pattern,
        condition=rule_or_problems(given["if"], problems) if "if" in given and which != "content" else None,
        key=problems.read(read_path, given["key"]) if "key" in given else EACH_ITEM if which == "content" and not gathers else None,
        max_age=problems.optional(read_wait, given, "max_age", Entry.max_age),
        audience=_audience(given, problems) if which == "content" else None,
        affinity=read_affinity(given["affinity"], problems) if which == "content" and "affinity" in given else None,
    )


def _audience(given: Fields, problems: Problems) -> Audience:
    """Everybody, where nothing is said."""
    return read_audience(given["if"], problems) if "if" in given else EVERYBODY


def _what(kind: TriggerKind, given: Fields, problems: Problems) -> tuple[str, EventPattern | None]:
    value = given[kind]
    match kind:
        case "event":
            name = problems.read(read_event, value) or ""
            return name, EventPattern(name, where_or_problems(given, problems))
        case "segment":
            return problems.read(lambda it: read_id(it, SEGMENT_ID), value) or "", None
        case "near":
            return _near(value, problems)
        case "content":
            item = problems.fields(value, ("where",))
            return "", EventPattern("", where_or_problems(item, problems), kind="content") if item is not None else None
        case "api":
            problems.read(_true, value)
            return "", EventPattern("", where_or_problems(given, problems))


def _near(value: Value, problems: Problems) -> tuple[str, EventPattern]:
    given = problems.fields(value, ("places", "where"), _NOT_HERE)
    if given is None:
        return "", EventPattern("")
    return problems.read(lambda it: read_id(it, SEGMENT_ID), given["places"]) or "", EventPattern("", where_or_problems(given, problems))


def _true(value: Value) -> None:
    if value.raw is not True:
        value.refuse("only `true` has a meaning")


def read_reentry(value: Value, problems: Problems) -> Reentry:
    given = problems.fields(value, REENTRY_KEYS)
    if given is None:
        return Reentry()
    return Reentry(
        restarts=problems.optional(lambda it: it.choice(_WHILE_IN), given, "while_in", "ignore") == "restart",
        after=problems.read(_after, given["after"]) if "after" in given else None,
        most=problems.read(lambda it: it.whole(1, 1_000_000), given["max"]) if "max" in given else None,
    )


def _after(value: Value) -> timedelta:
    span = read_span(value)
    if span > LONGEST_WAIT:
        value.refuse(f"at most {LONGEST_WAIT.days}d: for longer nothing is kept of who was here")
    return span


def read_exits(value: Value, problems: Problems) -> tuple[Exit, ...]:
    return tuple(_exit(entry, problems) for entry in problems.read(lambda it: it.items(MAX_EXITS), value) or [])


def _exit(value: Value, problems: Problems) -> Exit:
    """By no event, where any of it cannot be read: without that it would end more than is meant."""
    before, pattern = len(problems.found), read_pattern(value, problems, ("as",))
    given = problems.read(Fields, value)
    is_goal = given is not None and problems.optional(lambda it: it.choice(_ENDS), given, "as", "exit") == "goal"
    return Exit(pattern if len(problems.found) == before else EventPattern(""), is_goal)
