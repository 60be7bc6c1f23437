"""A person in a call of the worker: what came for them, and what of it is to be written and done."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from regulars.domain.journeys.errand import Errand, Kept, OfPerson, PutOff
from regulars.domain.journeys.inputs import JourneyInput
from regulars.domain.journeys.moving import Moved, unfinished


@dataclass
class StateInHand:
    """`version` is the one that stands in the store; `is_new` is what does not yet."""

    kept: Kept
    version: int
    is_new: bool


@dataclass
class PersonInHand:
    """`states` are those that changed or have an outbox, `waiting` what was put off and is due now, `claims` what of that is to be sent by this call,
    and `came_to` what else their inputs have come to."""

    records: list[str] = field(default_factory=list)
    inputs: list[JourneyInput] = field(default_factory=list)
    states: Sequence[StateInHand] = ()
    waiting: Sequence[PutOff] = ()
    came_to: Moved = field(default_factory=Moved)
    claims: Sequence[tuple[PutOff, Errand]] = ()
    _put_off: frozenset[str] = frozenset()

    def moved(self, of: OfPerson, moved: Moved) -> None:
        """From what is kept of them, in the place of what was read before."""
        states = {(kept.journey_id, kept.state.key): StateInHand(kept, version, is_new=False) for kept, version in unfinished(of)}
        states |= {(kept.journey_id, kept.state.key): StateInHand(kept, version, is_new=True) for kept, version in moved.writes}
        self.states, self.waiting, self.came_to, self.claims = list(states.values()), moved.waiting, moved, ()
        self._put_off = frozenset(this.errand.id for this in of.put_off)

    @property
    def errands(self) -> Iterator[Errand]:
        """Of those in an outbox, the ones that a call before had not put off when it died."""
        yield from (errand for state in self.states for errand in state.kept.outbox if errand.id not in self._put_off)
        yield from (this.errand for this in self.waiting)

    def claim(self, claimed: Mapping[str, Errand]) -> None:
        """Those messages are to be sent by this call, which has to stand where they stand."""
        for state in self.states:
            outbox = tuple(claimed.get(errand.id, errand) for errand in state.kept.outbox)
            state.is_new |= outbox != state.kept.outbox
            state.kept = state.kept._replace(outbox=outbox)
        self.claims = [(this, claimed[this.errand.id]) for this in self.waiting if this.errand.id in claimed]

    def ended(self, *, but: Collection[str]) -> None:
        """All is done, or put off, but these errands."""
        for state in self.states:
            left = tuple(errand for errand in state.kept.outbox if errand.id in but)
            state.is_new = left != state.kept.outbox
            state.kept = state.kept._replace(outbox=left)
        self.waiting = [this for this in self.waiting if this.errand.id in but]


def errand_ids(people: Mapping[str, PersonInHand]) -> Sequence[str]:
    return [errand.id for one in people.values() for errand in one.errands]
