"""What would have become of messages: by the quiet hours and caps of the journeys that they are of, and the settings', in simulated time.

They are kept as when somebody is really sent to (`delivery.caps`, `delivery.quiet_hours`): a cap counts whatever a person was sent, by whichever
journey, and of what would go out at one moment that of the higher priority goes first.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final, NamedTuple

from regulars.domain.collection.consents import TRANSACTIONAL
from regulars.domain.delivery.caps import Cap, Limit
from regulars.domain.delivery.quiet_hours import QuietHours
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.state import Action, Moment, made
from regulars.domain.journeys.walk import JUST_AFTER
from regulars.domain.reasons import EXITED, QUIET_HOURS
from regulars.domain.settings import Settings

CalledOff = Callable[[Action, datetime], bool]
"""Whether an exit of its run made a message pointless that waited until then."""

ZoneAt = Callable[[datetime], tzinfo | None]
"""By whose clock somebody goes, as of a moment; None: they told none."""


SENT: Final = "sent"


class Promised(NamedTuple):
    """What holds for a journey's messages. `counts`: for caps of others, too."""

    quiet: QuietHours | None
    limits: Sequence[Limit]
    counts: bool
    priority: int

    @property
    def is_free(self) -> bool:
        """Whether each message goes out when it is due."""
        return not self.quiet and not self.limits

    @staticmethod
    def of(journey: Journey, settings: Settings, moment: datetime) -> "Promised":
        delivery = journey.delivery
        return Promised(delivery.quiet_hours, settings.promises(delivery, moment).limits, delivery.purpose != TRANSACTIONAL, delivery.priority)


class Fate(NamedTuple):
    """`became` is `sent`, `held` (and sent at `sent_at`) or the reason why it was not sent."""

    action: Action
    became: str
    sent_at: datetime | None


def fates(
    actions: Iterable[Action], promised: Mapping[str, Promised], zone: ZoneAt, otherwise: tzinfo, called_off: CalledOff = lambda _, __: False
) -> list[Fate]:
    """Of the messages to one person, in the order in which they would go out. `otherwise` is the clock of whoever tells none."""
    if all(each.is_free for each in promised.values()):
        return [made(Fate, (action, SENT, action.at)) for action in actions]
    found, going, held = list[Fate](), list[tuple[datetime, int, int, Action]](), _Held(zone, otherwise)
    for number, action in enumerate(actions):
        own = promised[action.journey_id]
        at = held.until(action, own.quiet)
        if at > action.at and own.quiet is not None and own.quiet.otherwise == "drop":
            found.append(Fate(action, QUIET_HOURS, None))
        elif at > action.at and called_off(action, at):
            found.append(Fate(action, EXITED, None))
        else:
            going.append((at, -own.priority, number, action))
    sent = list[datetime]()
    for at, _, _, action in sorted(going):
        own = promised[action.journey_id]
        reason = next((limit.reason for limit in own.limits if _is_reached(limit.cap, sent, at)), "")
        if not reason and own.counts:
            sent.append(at)
        found.append(Fate(action, reason or ("held" if at != action.at else SENT), None if reason else at))
    return found


class _Held:
    """What quiet hours hold: of messages of one run that they would let go at one moment, each later one as long after the first as it was meant to
    be (`pacing`)."""

    def __init__(self, zone: ZoneAt, otherwise: tzinfo) -> None:
        self._zone, self._otherwise = zone, otherwise
        self._first: dict[tuple[str, str, Moment, datetime], datetime] = {}

    def until(self, action: Action, quiet: QuietHours | None) -> datetime:
        if quiet is None:
            return action.at
        clock = self._zone(action.at + JUST_AFTER) or self._otherwise
        over = quiet.over_at(action.at, clock)
        if over is None:
            return action.at
        first = self._first.setdefault((action.journey_id, action.run_key, action.entry, over), action.at)
        apart = over + (action.at - first)
        return quiet.over_at(apart, clock) or apart


def _is_reached(cap: Cap, sent: Sequence[datetime], at: datetime) -> bool:
    return sum(each > at - cap.within for each in sent) >= cap.count
