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
from regulars.domain.journeys.state import Action, made
from regulars.domain.reasons import QUIET_HOURS
from regulars.domain.settings import Settings

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


def fates(actions: Iterable[Action], promised: Mapping[str, Promised], zone: ZoneAt, otherwise: tzinfo) -> list[Fate]:
    """Of the messages to one person, in the order in which they would go out. `otherwise` is the clock of whoever tells none."""
    if all(each.is_free for each in promised.values()):
        return [made(Fate, (action, SENT, action.at)) for action in actions]
    found, going = list[Fate](), list[tuple[datetime, int, int, Action]]()
    for number, action in enumerate(actions):
        own = promised[action.journey_id]
        over = own.quiet.over_at(action.at, zone(action.at) or otherwise) if own.quiet else None
        if over is not None and own.quiet is not None and own.quiet.otherwise == "drop":
            found.append(Fate(action, QUIET_HOURS, None))
        else:
            going.append((over or action.at, -own.priority, number, action))
    sent = list[datetime]()
    for at, _, _, action in sorted(going):
        own = promised[action.journey_id]
        reason = next((limit.reason for limit in own.limits if _is_reached(limit.cap, sent, at)), "")
        if not reason and own.counts:
            sent.append(at)
        found.append(Fate(action, reason or ("held" if at != action.at else SENT), None if reason else at))
    return found


def _is_reached(cap: Cap, sent: Sequence[datetime], at: datetime) -> bool:
    return sum(each > at - cap.within for each in sent) >= cap.count
