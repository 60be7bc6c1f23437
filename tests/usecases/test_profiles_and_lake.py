"""The profile store and the lake say the same of people, whatever arrives, in whatever order and however often: what they told themselves
(`people.traits`), and what counts as theirs (as segments count it: by `lake.owners` and the one order of events)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlglot import exp

from regulars.domain.collection.event import Event
from regulars.domain.collection.moments import lake_time
from regulars.domain.curation.identities import identities_sql
from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.merges import people_sql
from regulars.domain.lake.order import order
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.lake.sql import printed, statement
from regulars.domain.people.links import links_of, links_sql
from regulars.usecases.link_profiles import link_profiles
from regulars.usecases.merge_profiles import merge_profiles
from regulars.usecases.whole_profiles import whole_profiles
from tests.domain.campaigns.lake import Lake
from tests.drawn import drawn
from tests.examples import person as known_person
from tests.fakes.stores import MemoryProfiles

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
RUN = timedelta(minutes=15)
USERS = ("ada", "bob")

_COUNTED = "SELECT :person AS who, max_by(traits, :order) AS traits FROM events WHERE type = 'identify' AND traits IS NOT NULL GROUP BY :person"
_OWNERS = owners(START + timedelta(days=1))
OWNED = printed(_OWNERS)
COUNTED = printed(
    join_owners(cast(exp.Select, statement(_COUNTED, {"person": person(), "order": order("events")}))).with_(OWNERS, as_=_OWNERS, copy=False)
)


@cache
def statements(run: int) -> list[str]:
    """Those of curate's run of this number that merge people and identities, and the question for links."""
    inserted = Inserted(START + (run - 1) * RUN, (START.date(), START.date()))
    return [people_sql(inserted), identities_sql(inserted), links_sql(inserted)]


@dataclass(frozen=True)
class Told:
    """What a client said: traits where it identifies, the previous id where it is an alias, else that both ids are one person's."""

    message_id: str
    second: int
    user_id: str | None
    anonymous_id: str | None
    plan: int | None = None
    previous: str | None = None

    @property
    def type(self) -> str:
        return "alias" if self.previous else "track" if self.plan is None else "identify"

    @property
    def identity(self) -> tuple[str | None, ...]:
        """What copies of it have in common."""
        return self.message_id, self.user_id, self.anonymous_id, self.type

    def event(self, place: int, late: int = 0) -> Event:
        """As it stood at that place of a request, received so many seconds late."""
        happened, received = START + timedelta(seconds=self.second), lake_time(START + timedelta(seconds=5 + late))
        said = {"properties": {"previousId": self.previous} if self.previous else {}, "traits": {} if self.plan is None else {"plan": self.plan}}
        ids = {"user_id": self.user_id, "anonymous_id": self.anonymous_id}
        return Event(self.message_id, self.type, self.type, happened, received, **ids, **said, context={}, device=None, place=place)


@dataclass(frozen=True)
class Decided:
    kind: str
    id: str
    user_id: str
    decision: str
    second: int

    def row(self) -> dict[str, Any]:
        who = {"kind": self.kind, "id": self.id, "user_id": self.user_id, "decision": self.decision}
        return {**who, "decided_ts": (START + timedelta(seconds=self.second)).replace(tzinfo=None)}


@dataclass
class Platform:
    """Both stores; a run brings the lake up to date with what was loaded since the last."""

    lake: Lake = field(default_factory=Lake)
    profiles: MemoryProfiles = field(default_factory=MemoryProfiles)
    runs: int = 0
    known: set[tuple[str | None, ...]] = field(default_factory=set)

    def load(self, events: Iterable[Event]) -> None:
        """The profile store sees every copy, `events` the first that comes of each."""
        for event in events:
            if change := event.change():
                merge_profiles({change.user_id: [change]}, profiles=self.profiles, time_left=lambda: RUN)
            identity = (event.message_id, event.user_id, event.anonymous_id, event.type)
            if identity not in self.known:
                self.known.add(identity)
                self.lake.fill("events", [{**event.row(), "curated_ts": self._now}])

    @property
    def _now(self) -> datetime:
        return (START + self.runs * RUN).replace(tzinfo=None)

    def curate(self) -> None:
        *merges, links = statements(self.runs)
        for sql in merges:
            self.lake.run(sql)
        link_profiles(links_of(self.lake.answers(links)), profiles=self.profiles, time_left=lambda: RUN)
        self.runs += 1

    def people(self) -> dict[str, Any]:
        """What each told under their own id, as the lake has it."""
        rows = self.lake.run("SELECT user_id, traits FROM people WHERE traits IS NOT NULL")
        return {row["user_id"]: json.loads(row["traits"]) for row in rows}

    def counted(self) -> dict[str, Any]:
        """What counts as each person's in segments; nobody who became another is a person."""
        return {row["who"]: json.loads(row["traits"]) for row in self.lake.run(COUNTED) if row["who"]}

    def renamed(self) -> set[str]:
        """Who became another."""
        return {row["owned_id"] for row in self.lake.run(OWNED) if row["owned_kind"] == "user"}


def at_one(messages: Sequence[tuple[Told, int]], places: Sequence[int], *, first_run: int, decisions: Sequence[Decided] = ()) -> Platform:
    """Both stores after all of it: each message with how many copies, in this order, cut into two runs, and the decisions between them."""
    copies = [(told.event(place, late), late) for place, (told, copies) in enumerate(messages) for late in range(copies)]
    arrived = [copies[place] for place in places if place < len(copies)]
    # A copy is sent after what it is of, and curated no sooner.
    arrived.sort(key=lambda copy: copy[1] > 0)
    platform = Platform()
    platform.load(event for event, _ in arrived[:first_run])
    platform.curate()
    if decisions:
        platform.lake.fill("identity_decisions", [decided.row() for decided in decisions])
    platform.load(event for event, _ in arrived[first_run:])
    platform.curate()
    return platform


def agree(platform: Platform) -> None:
    own = {key: stored.value.values for key, stored in platform.profiles.stored.items() if key in USERS and stored.value.traits}
    assert own == platform.people()
    whole = {who: profile.values for who, profile in whole_profiles(USERS, profiles=platform.profiles).items() if profile.traits}
    assert {who: said for who, said in whole.items() if who not in platform.renamed()} == platform.counted()


TOLD = st.builds(
    Told,
    message_id=st.sampled_from(["m1", "m2", "m3"]),
    second=st.integers(0, 2),
    user_id=st.sampled_from([None, *USERS]),
    anonymous_id=st.sampled_from([None, "a1", "a2"]),
    plan=st.none() | st.integers(0, 5),
    previous=st.none() | st.none() | st.sampled_from([*USERS, "a1"]),
).filter(lambda told: bool(told.user_id or (told.anonymous_id and not told.previous)))
MESSAGES = st.lists(st.tuples(TOLD, st.integers(1, 2)), max_size=7, unique_by=lambda message: message[0].identity)
DECISIONS = st.lists(
    st.builds(
        Decided,
        st.just("anonymous"),
        st.sampled_from(["a1", "a2"]),
        st.sampled_from(USERS),
        st.sampled_from(["separated", "joined"]),
        st.integers(10, 13),
    ),
    max_size=2,
    unique_by=lambda decided: (decided.id, decided.user_id, decided.second),
)


CURIOUS = Told("m1", 0, None, "a1", plan=1)
SIGNED_IN = Told("m2", 1, "ada", "a1")
ALSO_HERE = Told("m3", 2, "bob", "a1")
TWO_BROWSERS = [(Told("m1", 0, "ada", "a1", plan=1), 2), (Told("m1", 0, "ada", "a2", plan=2), 1)]


@drawn(10)
@example(TWO_BROWSERS, range(14), 1, [])
@example([(CURIOUS, 1), (SIGNED_IN, 1)], [1, 0], 1, [])
@example([(CURIOUS, 1), (ALSO_HERE, 1), (SIGNED_IN, 1)], [0, 1, 2], 2, [])
@example([(CURIOUS, 1), (ALSO_HERE, 1), (SIGNED_IN, 1)], [2, 1, 0], 2, [Decided("anonymous", "a1", "ada", "separated", 10)])
@given(MESSAGES, st.permutations(range(14)), st.integers(0, 14), DECISIONS)
def test_the_profile_store_and_the_lake_agree(
    messages: Sequence[tuple[Told, int]], places: Sequence[int], first_run: int, decisions: Sequence[Decided]
) -> None:
    agree(at_one(messages, places, first_run=first_run, decisions=decisions))


def told_of(user_id: str, platform: Platform) -> dict[str, Any]:
    found = whole_profiles([user_id], profiles=platform.profiles)
    return dict(found[user_id].values) if user_id in found else {}


@pytest.mark.parametrize("places", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
@pytest.mark.parametrize("first_run", [1, 3])
def test_what_was_told_before_signing_in_is_of_who_signed_in_first_whatever_comes_first(places: Sequence[int], first_run: int) -> None:
    platform = at_one([(CURIOUS, 1), (SIGNED_IN, 1), (ALSO_HERE, 1)], places, first_run=first_run)
    assert (told_of("ada", platform), told_of("bob", platform)) == ({"plan": 1}, {})


def test_what_was_separated_is_told_of_whoever_claimed_it_next_until_it_is_joined_again() -> None:
    separated = Decided("anonymous", "a1", "ada", "separated", 10)
    platform = at_one([(CURIOUS, 1), (SIGNED_IN, 1), (ALSO_HERE, 1)], [0, 1, 2], first_run=3, decisions=[separated])
    assert (told_of("ada", platform), told_of("bob", platform)) == ({}, {"plan": 1})
    platform.lake.fill("identity_decisions", [replace(separated, decision="joined", second=11).row()])
    platform.curate()
    assert (told_of("ada", platform), told_of("bob", platform)) == ({"plan": 1}, {})


def test_whoever_became_another_brings_what_they_told_and_what_was_told_before_they_signed_in() -> None:
    alias, city = Told("m4", 2, "bob", None, previous="ada"), Told("m5", 0, "bob", None, plan=0)
    platform = at_one([(CURIOUS, 1), (SIGNED_IN, 1), (alias, 1), (city, 1)], [2, 3, 1, 0], first_run=2)
    assert told_of("bob", platform) == {"plan": 0}, "said in the same moment as m1, and later in the request"
    assert told_of("bob", at_one([(CURIOUS, 1), (SIGNED_IN, 1), (alias, 1)], [2, 1, 0], first_run=1)) == {"plan": 1}


def test_a_reader_asks_once_for_those_without_other_ids() -> None:
    profiles = MemoryProfiles([known_person("u1", plan="pro"), known_person("u2", plan="free")])
    asked: list[Sequence[str]] = []
    read = profiles.get_many

    def watched(keys: Sequence[str]) -> Any:
        asked.append(keys)
        return read(keys)

    profiles.get_many = watched  # type: ignore[method-assign]
    assert set(whole_profiles(["u1", "u2", "u3"], profiles=profiles)) == {"u1", "u2"}
    assert asked == [["u1", "u2", "u3"]]
