"""What people of the past would have read, and whose message would have been none."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from regulars.domain.journeys.fates import Fate
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.person import PersonOfHistory
from regulars.domain.journeys.tally import Tally, Trouble, WouldGet
from regulars.domain.journeys.texts import Reading, Texts, traits_told
from regulars.domain.lake.buckets import bucket_of
from regulars.domain.messages.rendering import Unsendable

_SALT: Final = "journey-backtest-texts"
"""Whose messages are made in one look back, theirs are in the next."""


class PastTexts:
    """Told to the `tallies` of the journeys: the messages that are shown (of `user_id` alone, if that is given), and of how many of the 10,000
    `buckets` of people each message is made, so that those are counted of which it is none."""

    def __init__(self, journeys: Collection[Journey], tallies: Mapping[str, Tally], *, user_id: str, buckets: int) -> None:
        self._texts, self._tallies, self._user_id, self._buckets = Texts(journeys), tallies, user_id, buckets

    def read(self, found: Sequence[Fate], person: PersonOfHistory) -> None:
        """Of one person, as they are known after all of it."""
        user_id = person.user_id
        is_tried = self._texts.vary and bucket_of(user_id, _SALT) < self._buckets
        is_asked = self._user_id in ("", user_id) and any(user_id <= tally.last_shown for tally in self._tallies.values())
        if not is_tried and not is_asked:
            return
        told, troubles = traits_told(person.history), dict[str, Counter[Trouble]]()
        for fate in found:
            action, _, sent_at = fate
            tally = self._tallies[action.journey_id]
            is_shown, may_fail = is_asked and user_id <= tally.last_shown, is_tried and sent_at is not None and self._texts.varies(action)
            if not is_shown and not may_fail:
                continue
            made = self._texts.made(action, told, sent_at or action.at)
            if is_shown:
                tally.show(_would_get(fate, made))
            if may_fail and isinstance(made, Unsendable):
                trouble = Trouble(action.step, made.reason, made.field, made.complaint)
                troubles.setdefault(action.journey_id, Counter())[trouble] += 1
        for journey_id, theirs in troubles.items():
            self._tallies[journey_id].lack(theirs)


def _would_get(fate: Fate, made: Reading | Unsendable) -> WouldGet:
    action, became, sent_at = fate
    what = action.user_id, action.at, action.step, became, sent_at
    if isinstance(made, Unsendable):
        return WouldGet(*what, fails=made.reason, because=f"{made.field}: {made.complaint}")
    return WouldGet(*what, made.title, made.body)
