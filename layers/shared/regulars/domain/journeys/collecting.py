"""What a `collect` gathers: which of it is kept, and what of that is told in which order."""

from regulars.domain.content.item import CORRECTED
from regulars.domain.journeys.affinity import affinity_in
from regulars.domain.journeys.context import said_in, shortened
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.limits import CONTENT_GRACE
from regulars.domain.journeys.matching import entry_key, matches
from regulars.domain.journeys.state import Collected, Happened, Moment, State
from regulars.domain.journeys.steps import Collect


def begun(collect: Collect, journey: Journey, state: State, moment: Moment) -> tuple[Collected, ...]:
    """What there is when somebody comes here: the item that their run began with, if they come at that very moment."""
    if journey.entry.kind != "content" or collect.pattern.kind != "content" or moment != state.entry:
        return ()
    return (Collected(moment, state.context),) if collect.pattern.meets(state.context, moment.at) else ()


def takes_item(journey: Journey, state: State, this: Happened, moment: Moment) -> bool:
    """Whether somebody gathers items, and this one, of their run's key, is for them: then it begins no other run.

    One that was published just before the one that the run began with, or with it, and comes after it, counts as well: the lake is asked for each of
    them, and answers when it does.
    """
    waits = journey.steps[state.step] if this.kind == "content" else None
    if not isinstance(waits, Collect) or waits.pattern.kind != "content" or state.due is None or moment.at > state.due:
        return False
    is_after = moment.at >= state.entry.at - CONTENT_GRACE if state.since == state.entry else moment > state.since
    return is_after and entry_key(journey, this) == state.key and matches(waits.pattern, this, moment.at, state.context)


def is_correction(this: Happened) -> bool:
    """Whether it tells again of an item that was told before: it begins nothing, and joins nothing."""
    return this.kind == "content" and bool(said_in(this.properties).get(CORRECTED))


def held(state: State, this: Happened) -> Collected | None:
    """The same event or item among those that somebody has gathered."""
    return next((each for each in state.collected if each.moment.id == this.id), None)


def corrected(state: State, known: Collected, this: Happened) -> State:
    """With what an item says now, if it was corrected after what is known of it; a duplicate changes nothing."""
    if this.kind != "content" or _since(this.properties) <= _since(known.properties):
        return state
    one = known._replace(properties=shortened(this.properties))
    context = one.properties if this.id == state.entry.id else state.context
    return state._replace(collected=tuple(one if each is known else each for each in state.collected), context=context)


def _since(properties: str | None) -> str:
    return str(said_in(properties).get(CORRECTED, ""))


def gathered(collect: Collect, before: tuple[Collected, ...], one: Collected) -> tuple[Collected, ...]:
    """With one more, in whatever order they arrive. Where any number may come, only what may be told is kept: a better one takes the place of the
    worst, and one that comes again finds it taken."""
    found = tuple(sorted((*before, one)))
    return found if collect.most is not None else tuple(sorted(told(collect, found)))


def told(collect: Collect, found: tuple[Collected, ...]) -> tuple[Collected, ...]:
    """What texts know as `collected`. Of items that are liked alike the first come first."""
    if collect.best is None:
        return found
    return tuple(sorted(found, key=lambda each: (-affinity_in(each.properties), each.moment))[: collect.best])
