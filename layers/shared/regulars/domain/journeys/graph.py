"""What a journey's steps come to together: where they lead, who can get there, and whether anybody walks in a circle."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import orjson

from regulars.domain.journeys.journey import Exit, Journey
from regulars.domain.journeys.steps import Collect, Start, Step, WaitFor, ways
from regulars.domain.lake.event_names import ERRAND_EVENTS, JOURNEY_EVENTS
from regulars.domain.language import Problem, listed, nearest, unknown
from regulars.domain.segments.evaluate.conditions import all_met

_ANY_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No name is another one at another time."""


def graph_problems(journey: Journey, unread: Collection[str], *, entry_is_read: bool) -> Iterator[Problem]:
    """`unread` are the steps that could not be read at all; a way that could not be read leads to NOBODY_KNOWS. What was not read has a
    problem of its own, and none follows from it here."""
    yield from _targets(journey, unread)
    yield from _unreachable(journey)
    yield from _circles(journey)
    yield from _shadowed(journey)
    if entry_is_read:
        yield from _items(journey)
        yield from _begins_itself(journey)
    yield from _migration(journey, unread)
    for name, step in journey.steps.items():
        if isinstance(step, Start) and step.journey_id == journey.id != "":
            yield Problem(f"steps.{name}.start", "a journey does not start itself: lead back to a step, or let people enter again")


def _targets(journey: Journey, unread: Collection[str]) -> Iterator[Problem]:
    known = (*journey.steps, *unread)
    if journey.start and journey.start not in known:
        yield Problem("start", unknown(journey.start, known))
    for name, step in journey.steps.items():
        for way in ways(step):
            if way.to and way.to not in known:
                yield Problem(f"steps.{name}.{way.path}", unknown(way.to, known))


def _unreachable(journey: Journey) -> Iterator[Problem]:
    """A way to a step that does not exist counts as one to the step that was meant. Where nobody can tell which that is, people may get anywhere."""
    reached: set[str] = set()
    waiting = [_meant(journey.start, journey.steps)]
    while waiting:
        name = waiting.pop()
        if name not in journey.steps:
            return
        if name not in reached:
            reached.add(name)
            waiting += [_meant(way.to, journey.steps) for way in ways(journey.steps[name]) if way.to is not None]
    for name in journey.steps:
        if name not in reached:
            before = [other for other, step in journey.steps.items() if other != name and any(way.to == name for way in ways(step))]
            why = f"{listed(before)} {'leads' if len(before) == 1 else 'lead'} to it, and nobody gets there" if before else "no step leads to it"
            yield Problem(f"steps.{name}", f"nobody can get here: {why}")


def _meant(name: str, steps: Mapping[str, Step]) -> str:
    return name if name in steps else nearest(name, steps)


def _circles(journey: Journey) -> Iterator[Problem]:
    """A circle in which nobody waits would never end; one in which they do ends by `max_hops`."""
    edges = {name: [way.to for way in ways(step) if way.to in journey.steps] for name, step in journey.steps.items()}
    for circle in _circles_of({name: ahead for name, ahead in edges.items() if not journey.waits_in(name)}):
        yield Problem(f"steps.{circle[0]}", f"goes round for ever, because nobody waits on the way: {' -> '.join(circle)}")
    loops = [circle for circle in _circles_of(edges) if any(map(journey.waits_in, circle))]
    if journey.max_hops is None and loops:
        yield Problem("max_hops", f"say how many steps a run may take, because this is a loop: {' -> '.join(loops[0])}")


def _circles_of(edges: Mapping[str, Sequence[str | None]]) -> list[list[str]]:
    """One for each step that leads back, each named step by step."""
    circles: list[list[str]] = []
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> None:
        for to in edges[name]:
            if to in path:
                circles.append([*path[path.index(to) :], to])
            elif to is not None and to in edges and to not in done:
                visit(to, [*path, to])
        done.add(name)

    for first in edges:
        if first not in done:
            visit(first, [first])
    return circles


def _shadowed(journey: Journey) -> Iterator[Problem]:
    """Exits come first: what always ends the journey is never waited for."""
    for name, step in journey.steps.items():
        if isinstance(step, WaitFor | Collect):
            for index, end in enumerate(journey.exits):
                if _takes_all(end, step):
                    kind = "wait_for" if isinstance(step, WaitFor) else "collect"
                    yield Problem(
                        f"steps.{name}.{kind}.event",
                        f"`{step.pattern.name}` ends the journey (exit[{index}]) before anybody waits for it: leave out one of the two",
                    )
                    break


def _takes_all(end: Exit, step: WaitFor | Collect) -> bool:
    """Whether every event that the step waits for is one of the exit's."""
    wanted, ending = step.pattern, end.pattern
    return ending.name == wanted.name != "" and set(ending.where) <= set(wanted.where) and ending.same in (None, wanted.same)


def _items(journey: Journey) -> Iterator[Problem]:
    """Items come to whom the journey's own entry says that they are for."""
    for name, step in journey.steps.items():
        if isinstance(step, Collect) and step.pattern.kind == "content":
            if journey.entry.kind != "content":
                yield Problem(
                    f"steps.{name}.collect.content", "items come only into a journey that begins with `content`, which says whom they are for"
                )
            elif step.best is not None and journey.entry.affinity is None:
                yield Problem(f"steps.{name}.top", "nobody knows which are the best: say `affinity` in `entry`, or leave it out")


def _begins_itself(journey: Journey) -> Iterator[Problem]:
    """What a journey does is told as events: one that begins by those would begin again and again, without end."""
    entry, again = journey.entry, journey.reentry
    if entry.kind != "event" or entry.name not in JOURNEY_EVENTS | ERRAND_EVENTS or not (again.restarts or again.after is not None):
        return
    own = orjson.dumps({"journey": journey.id}).decode()
    asked = entry.pattern.where if entry.pattern else ()
    if all(all_met([condition])(own, _ANY_MOMENT) for condition in asked if condition.path == ("journey",)):
        other = '[{"property": "journey", "eq": "another"}]'
        said = f"`{entry.name}` is told of this journey, too, which would begin again and again: say in `where` of which other, as in {other}"
        yield Problem("entry.event", f"{said}, or leave out `reentry`")


def _migration(journey: Journey, unread: Collection[str]) -> Iterator[Problem]:
    for index, version in enumerate(journey.migrate.versions):
        if version >= journey.version > 1:
            yield Problem(f"migrate.from[{index}]", f"an earlier version than this one, which is {journey.version}, is needed")
    for old, new in journey.migrate.names.items():
        if not new or new in unread:
            continue
        if new not in journey.steps:
            yield Problem(f"migrate.map.{old}", unknown(new, (*journey.steps, *unread)))
        elif not journey.waits_in(new):
            yield Problem(f"migrate.map.{old}", f"people who are moved wait, and `{new}` is no step in which anybody does")
