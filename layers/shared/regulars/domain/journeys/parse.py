"""Journey documents (docs/journeys.md) to `Journey`, with everything that is wrong at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import orjson

from regulars.domain.definitions import PutWarning
from regulars.domain.delivery.options import DeliveryOptions
from regulars.domain.delivery.parse import DELIVERY_KEYS, read_delivery
from regulars.domain.delivery.shares import read_share
from regulars.domain.errors import InvalidJourneyError
from regulars.domain.goals import read_goal
from regulars.domain.journeys.graph import graph_problems
from regulars.domain.journeys.journey import Entry, Journey, Migration
from regulars.domain.journeys.limits import MAX_DOCUMENT_BYTES, MAX_HOPS, MAX_STEPS
from regulars.domain.journeys.parse_entry import ENTRY_KINDS, REENTRY_KEYS, read_entry, read_exits, read_reentry
from regulars.domain.journeys.parse_steps import KINDS, read_step
from regulars.domain.journeys.steps import Step, gathers_items
from regulars.domain.journeys.warnings import warnings
from regulars.domain.language import JOURNEY_ID, MAX_WHOLE, STEP_NAME, Fields, Problem, Problems, Value, read_id, refusal

ROOT: Final = ("id", "name", "version", "entry", "reentry", "holdout", "exit", "goal", "delivery", "start", "migrate", "max_hops", "steps")

_STRAYS: Final[Mapping[str, str]] = {
    **dict.fromkeys((*ENTRY_KINDS, *(key for keys in ENTRY_KINDS.values() for key in keys)), "belongs into `entry`"),
    **dict.fromkeys(REENTRY_KEYS, "belongs into `reentry`"),
    **dict.fromkeys(KINDS, "belongs into one of `steps`"),
    **dict.fromkeys(DELIVERY_KEYS, "belongs into `delivery`"),
    "percent": "belongs into `holdout`",
    "control": "is called `holdout` here",
}
"""What is said of keys that stand at the top though their place is further in."""

_NOT_OURS: Final[Mapping[str, str]] = {
    "per_second": "is a campaign's: a journey sends as things happen",
    "when_unsure": "is a campaign's: what a journey may have sent is never sent again",
}

_NO_ENTRY: Final = Entry("api")


@dataclass(frozen=True)
class Examination:
    """What a document came to. `read` is the journey as far as it can be read, None where nothing can be called one; what cannot stands there as
    something empty. `warnings` are about what can be honoured and is odd. There are none where a part could not be read: what is odd about the
    rest often follows from what is missing."""

    read: Journey | None
    errors: tuple[Problem, ...]
    warnings: tuple[PutWarning, ...]

    @property
    def journey(self) -> Journey | None:
        """None where there is any error."""
        return None if self.errors else self.read

    def beside(self, more: Iterable[Problem]) -> "Examination":
        """With more errors, each once."""
        return replace(self, errors=tuple(dict.fromkeys((*self.errors, *more))))

    def required(self) -> Journey:
        """Raises InvalidJourneyError, which names the first error, says how many more there are, and has them all."""
        if self.read is None or self.errors:
            raise refusal(InvalidJourneyError, self.errors)
        return self.read


def parse_journey(document: object) -> Journey:
    """Raises InvalidJourneyError for anything that is not as docs/journeys.md says."""
    return examined(document).required()


def examined(document: object) -> Examination:
    """The journey with its warnings, or everything that is wrong with it."""
    value, problems = Value(document, InvalidJourneyError), Problems()
    read = _read(value, problems)
    if read is None:
        return Examination(None, tuple(problems.found), ())
    journey, unread = read
    odd = () if problems.found else tuple(warnings(journey))
    for problem in graph_problems(journey, unread, entry_is_read=not problems.within("entry")):
        problems.note(problem.path, problem.message)
    if not problems.found:
        problems.read(_check_size, value)
    return Examination(journey, tuple(problems.found), odd)


def _read(value: Value, problems: Problems) -> tuple[Journey, Collection[str]] | None:
    """The journey as far as it can be read, and the names of the steps that cannot; None where the document is no object at all, or there is nothing
    in it that could be called a step."""
    given = problems.fields(value, ROOT, {key: said for key, said in _STRAYS.items() if key not in ROOT})
    if given is None:
        return None
    identity = problems.read(lambda it: read_id(it, JOURNEY_ID), given["id"]) or ""
    steps = _steps(given["steps"], problems)
    journey = Journey(
        id=identity,
        name=problems.optional(lambda it: it.text(limit=None, empty=True), given, "name", "") or identity,
        version=problems.optional(lambda it: it.whole(1), given, "version", 1),
        entry=_entry(given, problems, gathers=gathers_items(filter(None, steps.values()))),
        reentry=read_reentry(given["reentry"], problems) if "reentry" in given else Journey.reentry,
        holdout_buckets=_holdout(given["holdout"], problems) if "holdout" in given else 0,
        exits=read_exits(given["exit"], problems) if "exit" in given else (),
        goal=problems.optional(read_goal, given, "goal", None),
        delivery=problems.optional(lambda it: read_delivery(Fields(it), _NOT_OURS), given, "delivery", DeliveryOptions()),
        start=problems.read(lambda it: it.text(STEP_NAME.limit), given["start"]) or "",
        steps={name: step for name, step in steps.items() if step is not None},
        migrate=_migration(given["migrate"], problems) if "migrate" in given else Migration(),
        max_hops=problems.optional(lambda it: it.whole(1, MAX_HOPS), given, "max_hops", MAX_HOPS) if "max_hops" in given else None,
    )
    return (journey, [name for name, step in steps.items() if step is None]) if steps else None


def _entry(given: Fields, problems: Problems, *, gathers: bool) -> Entry:
    if "entry" not in given:
        problems.note("entry", f"say what begins it: one of {', '.join(f'`{kind}`' for kind in ENTRY_KINDS)}")
        return _NO_ENTRY
    return read_entry(given["entry"], problems, gathers=gathers)


def _steps(value: Value, problems: Problems) -> Mapping[str, Step | None]:
    """None for each that cannot be read at all."""
    given = problems.read(_some, value)
    if given is None:
        return {}
    read = {name: read_step(given[name], problems) for name in given}
    for name in given:
        if not STEP_NAME.admits(name):
            problems.note(given[name].path, f"the name of a step is no such word: {STEP_NAME}")
    return read


def _some(value: Value) -> Fields:
    steps = Fields(value)
    if not 1 <= len(list(steps)) <= MAX_STEPS:
        value.refuse(f"1 to {MAX_STEPS} steps are needed, and there are {len(list(steps))}")
    return steps


def _holdout(value: Value, problems: Problems) -> int:
    given = problems.fields(value, ("percent",))
    return (problems.read(read_share, given["percent"]) or 0) if given is not None else 0


def _migration(value: Value, problems: Problems) -> Migration:
    given = problems.fields(value, ("from", "map"))
    if given is None:
        return Migration()
    versions = problems.each(lambda it: it.whole(1, MAX_WHOLE), given["from"], MAX_STEPS)
    names = problems.read(Fields, given["map"]) if "map" in given else None
    return Migration(tuple(sorted(set(versions))), _mapped(names, problems) if names is not None else {})


def _mapped(names: Fields, problems: Problems) -> Mapping[str, str]:
    for old in names:
        if not STEP_NAME.admits(old):
            problems.note(names[old].path, f"no step is called so: {STEP_NAME}")
    return {old: problems.read(lambda it: it.text(STEP_NAME.limit), names[old]) or "" for old in names}


def _check_size(value: Value) -> None:
    size = len(orjson.dumps(value.raw))  # it can be written: every part of it has been read
    if size > MAX_DOCUMENT_BYTES:
        value.refuse(f"{size} bytes as JSON; at most {MAX_DOCUMENT_BYTES}")
