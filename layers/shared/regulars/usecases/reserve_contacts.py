"""The room that a run takes in what people may be sent: each message is noted before it goes out, and taken back if it surely did not.

    read what was sent to each      over a limit: refused
    note this message               on the condition that nobody noted anything since; else from the start

Who asks again for the same message takes no more room. Where the store does not answer nobody is sent to.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from regulars.domain.delivery.caps import Contacts, message_mark
from regulars.domain.delivery.policy import Policy
from regulars.domain.errors import StoreUnavailableError
from regulars.ports import Clock, ContactStore

ROUNDS: Final = 100
"""So often others may be first, with the same person, before it is our trouble. In each round somebody gets through: a hundred campaigns at once."""

MANY: Final = 100
"""So much is taken back at once."""


class Reservations:
    """Of one call. `first_run` is the run, or the first of those that it goes on with. Raises StoreUnavailableError."""

    def __init__(self, first_run: str, policy: Policy, contacts: ContactStore, clock: Clock) -> None:
        self._run, self._policy, self._contacts, self._clock = first_run, policy, contacts, clock
        self._hopes: dict[str, set[int]] = {}
        self._unused: set[str] = set()

    def reserve(self, wanted: Iterable[tuple[int, str, Sequence[str]]]) -> Mapping[str, str]:
        """Room for a message to each of the users, of whom these are the places and the former ids, but those that come back with a reason: they are
        sent nothing."""
        if not self._policy.noted:
            return {}
        places, former = dict[str, set[int]](), dict[str, Sequence[str]]()
        for place, user_id, before in wanted:
            places.setdefault(user_id, set()).add(place)
            if before:
                former[user_id] = before
        refused, left = dict[str, str](), sorted(places)
        for _ in range(ROUNDS):
            left = self._noted(left, former, refused)
            if not left:
                break
        else:
            raise StoreUnavailableError(f"the table of contacts: others wrote of the same people {ROUNDS} times in a row")
        for user_id in self._hopes.keys() & places.keys():
            self._hopes[user_id] |= places[user_id]
            self._unused.discard(user_id)
        if len(self._unused) >= MANY:
            self._take_back()
        return refused

    def _noted(self, user_ids: list[str], former: Mapping[str, Sequence[str]], refused: dict[str, str]) -> list[str]:
        """One round; gives those whom somebody else wrote of meanwhile."""
        wanted = [*user_ids, *(each for user_id in user_ids for each in former.get(user_id, ()))]
        known, now, changes = self._contacts.get_many(wanted) if wanted else {}, self._clock.now(), list[tuple[Contacts | None, Contacts]]()
        fresh = set[str]()
        for user_id in user_ids:
            there, mark = known.get(user_id), message_mark(self._run, user_id)
            contacts = there or Contacts(user_id)
            before = [known[each] for each in former.get(user_id, ()) if each in known]
            if reason := (contacts.with_former(before) if before else contacts).refusal(mark, self._policy.limits, now):
                refused[user_id] = reason
                continue
            noted = contacts.noted(mark, now)
            if noted is not contacts:
                changes.append((there, noted))
                if not contacts.has(mark):
                    fresh.add(user_id)
        lost = self._contacts.put_many(changes) if changes else ()
        self._hopes |= {user_id: set() for user_id in fresh.difference(lost)}
        return sorted(lost)

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
