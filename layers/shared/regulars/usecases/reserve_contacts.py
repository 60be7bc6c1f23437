"""The room that a run takes in what people may be sent: each message is noted before it goes out, and taken back if it surely did not.

    read what was sent to each      over a limit: refused
    note this message               on the condition that nobody noted anything since; else from the start

Who asks again for the same message takes no more room. Where the store does not answer nobody is sent to.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from regulars.domain.delivery.caps import Contacts, Limit, message_mark
from regulars.domain.delivery.policy import Policy
from regulars.domain.errors import StoreUnavailableError
from regulars.ports import Clock, ContactStore

ROUNDS: Final = 100
"""So often others may be first, with the same person, before it is our trouble. In each round somebody gets through: a hundred campaigns at once."""

MANY: Final = 100
"""So much is taken back at once."""


class Want(NamedTuple):
    """Room for the message of this mark to a user, who had the `former` ids."""

    user_id: str
    former: Sequence[str]
    mark: bytes
    limits: Sequence[Limit]


class Room(NamedTuple):
    """Why some have none, by user; `fresh` are those of whom the message is noted for the first time."""

    refused: Mapping[str, str]
    fresh: Collection[str]


def take_room(wants: Sequence[Want], contacts: ContactStore, clock: Clock) -> Room:
    """Of users who differ, in as few requests as for one of them. Raises StoreUnavailableError."""
    refused, fresh, left = dict[str, str](), set[str](), {want.user_id: want for want in wants}
    for _ in range(ROUNDS):
        if not left:
            return Room(refused, fresh)
        lost = _noted([left[user_id] for user_id in sorted(left)], contacts, clock.now(), refused, fresh)
        left = {user_id: left[user_id] for user_id in lost}
    raise StoreUnavailableError(f"the table of contacts: others wrote of the same people {ROUNDS} times in a row")


def _noted(wants: Sequence[Want], store: ContactStore, now: datetime, refused: dict[str, str], fresh: set[str]) -> Collection[str]:
    """One round; gives those whom somebody else wrote of meanwhile."""
    known = store.get_many([*(want.user_id for want in wants), *(each for want in wants for each in want.former)])
    changes, new = list[tuple[Contacts | None, Contacts]](), set[str]()
    for user_id, former, mark, limits in wants:
        there = known.get(user_id)
        contacts = there or Contacts(user_id)
        before = [known[each] for each in former if each in known]
        if reason := (contacts.with_former(before) if before else contacts).refusal(mark, limits, now):
            refused[user_id] = reason
            continue
        noted = contacts.noted(mark, now)
        if noted is not contacts:
            changes.append((there, noted))
            if not contacts.has(mark):
                new.add(user_id)
    lost = store.put_many(changes) if changes else ()
    fresh |= new.difference(lost)
    return lost


class Reservations:
    """Of one call. `first_run` is the run, or the first of those that it goes on with. Raises StoreUnavailableError."""

    def __init__(self, first_run: str, policy: Policy, contacts: ContactStore, clock: Clock) -> None:
        self._run, self._policy, self._contacts, self._clock = first_run, policy, contacts, clock
        self._hopes: dict[str, set[int]] = {}
        self._unused: set[str] = set()

    def want(self, user_id: str, former: Sequence[str]) -> "Want | None":
        """None where nothing has to be noted."""
        return Want(user_id, former, message_mark(self._run, user_id), self._policy.limits) if self._policy.noted else None

    def reserve(self, wanted: Iterable[tuple[int, str, Sequence[str]]]) -> Mapping[str, str]:
        """Room for a message to each of the users, of whom these are the places and the former ids, but those that come back with a reason: they are
        sent nothing."""
        places, former = dict[str, set[int]](), dict[str, Sequence[str]]()
        for place, user_id, before in wanted:
            places.setdefault(user_id, set()).add(place)
            if before:
                former[user_id] = before
        wants = [want for user_id in places if (want := self.want(user_id, former.get(user_id, ())))]
        room = take_room(wants, self._contacts, self._clock)
        self.took(places, room.fresh)
        if len(self._unused) >= MANY:
            self._take_back()
        return room.refused

    def took(self, places: Mapping[str, Collection[int]], fresh: Collection[str]) -> None:
        """Of the users to whom these places lead, those that the message had not been noted of before are `fresh`."""
        self._hopes |= {user_id: set() for user_id in places if user_id in fresh}
        for user_id in self._hopes.keys() & places.keys():
            self._hopes[user_id] |= set(places[user_id])
            self._unused.discard(user_id)

    def used(self, user_id: str) -> None:
        """A push of the message was sent, or may have been."""
        self._hopes.pop(user_id, None)

    def failed(self, place: int, user_id: str) -> None:
        """The push to this place surely was not sent, and will not be."""
        hopes = self._hopes.get(user_id)
        if hopes is None:
            return
        hopes.discard(place)
        if not hopes:
            self._unused.add(user_id)

    def close(self) -> None:
        """Nothing is under way any more: whoever still waits has got nothing, and asks again."""
        self._unused |= self._hopes.keys()
        self._take_back()

    def _take_back(self) -> None:
        unused, self._unused = sorted(self._unused), set[str]()
        for user_id in unused:
            del self._hopes[user_id]
        for _ in range(ROUNDS):
            if not unused:
                return
            known = self._contacts.get_many(unused)
            changes = [(there, there.without(message_mark(self._run, user_id))) for user_id, there in known.items()]
            unused = sorted(self._contacts.put_many(changes))
        raise StoreUnavailableError(f"the table of contacts: others wrote of the same people {ROUNDS} times in a row")
