"""`identities` and who owns an id as of a moment, against an oracle in Python: any order of arrival and any cutting into runs gives the same."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.curation.identities import identities_sql
from regulars.domain.curation.inserted import Inserted
from regulars.domain.lake.owners import owners
from regulars.domain.lake.sql import printed
from tests.domain.campaigns.lake import Lake
from tests.drawn import drawn

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
RUN = timedelta(minutes=15)

Key = tuple[str, str]
"""Kind and id."""


@dataclass(frozen=True)
class Said:
    """An event with what it says of who it is; `previous` makes it an alias."""

    message_id: str
    second: int
    user_id: str | None = None
    anonymous_id: str | None = None
    previous: str | None = None

    @property
    def order(self) -> tuple[int, str]:
        return self.second, self.message_id

    def row(self, curated: datetime) -> dict[str, Any]:
        kind = "track" if self.previous is None else "alias"
        row = {"message_id": self.message_id, "user_id": self.user_id, "anonymous_id": self.anonymous_id, "type": kind, "event_name": kind}
        row |= {"event_ts": at(self.second), "received_ts": at(self.second), "place": 0, "curated_ts": curated.replace(tzinfo=None)}
        return row | {"properties": None if self.previous is None else json.dumps({"previousId": self.previous})}

    def claims(self) -> Iterable[tuple[Key, str]]:
        if self.user_id is None:
            return
        claimed = [("anonymous", self.anonymous_id), ("anonymous", self.previous)]
        if self.previous != self.anonymous_id:
            claimed.append(("user", self.previous))
        yield from (((kind, claim), self.user_id) for kind, claim in claimed if claim is not None and claim != self.user_id)


@dataclass(frozen=True)
class Decided:
    key: Key
    user_id: str
    decision: str
    second: int


def at(second: float) -> datetime:
    return (START + timedelta(seconds=second)).replace(tzinfo=None)


def owners_at(events: Sequence[Said], decisions: Sequence[Decided], moment: float) -> dict[Key, str]:
    """Who has each id at the moment: the first claim that stands, followed through aliases of people."""
    first: dict[tuple[Key, str], tuple[int, str]] = {}
    for event in sorted(events, key=lambda event: event.order):
        for claim in event.claims():
            first.setdefault(claim, event.order)
    owned: dict[Key, str] = {}
    for (key, user), order in sorted(first.items(), key=lambda item: item[1]):
        turned_round = key[0] == "user" and first.get((("user", user), key[1]), order) < order
        if order[0] < moment and not turned_round and not _separated(key, user, decisions, moment):
            owned.setdefault(key, user)
    return {key: _followed(user, owned) for key, user in owned.items()}


def _separated(key: Key, user: str, decisions: Sequence[Decided], moment: float) -> bool:
    mine = [one for one in decisions if (one.key, one.user_id) == (key, user)]
    joined = max((one.second for one in mine if one.decision == "joined"), default=-1)
    return any(one.decision == "separated" and joined < one.second < moment for one in mine)


def _followed(user: str, owned: dict[Key, str]) -> str:
    for _ in range(2):
        user = owned.get(("user", user), user)
    return user


def filled(batches: Sequence[Sequence[Said]], decisions: Sequence[Decided] = (), *, decided_before: bool = False) -> Lake:
    lake = Lake()
    if decided_before:
        decide(lake, decisions)
    for number, batch in enumerate(batches):
        now = START + number * RUN
        if batch:
            lake.fill("events", [said.row(now) for said in batch])
        lake.run(identities_sql(Inserted(now - RUN, (START.date(), START.date()))))
    if not decided_before:
        decide(lake, decisions)
    lake.run(identities_sql(Inserted(START + len(batches) * RUN, (START.date(), START.date()))))
    return lake


def decide(lake: Lake, decisions: Sequence[Decided]) -> None:
    rows = [
        {"kind": one.key[0], "id": one.key[1], "user_id": one.user_id, "decision": one.decision, "decided_ts": at(one.second)} for one in decisions
    ]
    if rows:
        lake.fill("identity_decisions", rows)


def owners_in(lake: Lake, moment: float) -> dict[Key, str]:
    rows = lake.run(printed(owners(at(moment).replace(tzinfo=UTC))))
    assert len({(row["owned_kind"], row["owned_id"]) for row in rows}) == len(rows)
    return {(row["owned_kind"], row["owned_id"]): row["owner_id"] for row in rows}


PEOPLE = ["ada", "bob", "cyd"]
ANONYMOUS = ["a1", "a2"]
SAID = st.builds(
    Said,
    message_id=st.uuids(version=4).map(str),
    second=st.integers(0, 5),
    user_id=st.none() | st.sampled_from(PEOPLE),
    anonymous_id=st.none() | st.sampled_from([*ANONYMOUS, "ada"]),
    previous=st.none() | st.none() | st.sampled_from([*PEOPLE, *ANONYMOUS]),
)
DECIDED = st.builds(
    Decided,
    key=st.sampled_from([("anonymous", "a1"), ("anonymous", "a2"), ("user", "ada"), ("user", "bob")]),
    user_id=st.sampled_from(PEOPLE),
    decision=st.sampled_from(["separated", "separated", "joined"]),
    second=st.integers(0, 7),
)
HISTORIES = st.lists(SAID, max_size=10, unique_by=lambda said: said.message_id)


@drawn(20)
@given(
    HISTORIES.flatmap(lambda events: st.tuples(st.permutations(events), st.lists(st.integers(0, 10), max_size=3).map(sorted))),
    st.lists(DECIDED, max_size=4),
    st.booleans(),
)
def test_any_order_of_arrival_and_any_cutting_into_runs_gives_the_same_owners(
    found: tuple[Sequence[Said], Sequence[int]], decisions: list[Decided], decided_before: bool
) -> None:
    events, cuts = found
    lake = filled([events[start:end] for start, end in pairwise([0, *cuts, len(events)])], decisions, decided_before=decided_before)
    for moment in (0, 1, 3, 5.5, 7.5):
        assert owners_in(lake, moment) == owners_at(events, decisions, moment), moment


def test_a_second_merge_of_the_same_changes_nothing() -> None:
    said = [Said("m1", 1, "ada", "a1"), Said("m2", 2, "bob", "a1")]
    once, twice = filled([said]), filled([said, [], []])
    assert once.run("SELECT * FROM identities ORDER BY user_id") == twice.run("SELECT * FROM identities ORDER BY user_id")


def test_the_first_claim_has_the_id_and_says_by_which_event_and_any_other_moves_nothing() -> None:
    lake = filled([[Said("later", 2, "bob", "a1")], [Said("first", 1, "ada", "a1"), Said("again", 3, "ada", "a1")]])
    rows = lake.run("SELECT user_id, since_ts, message_id, event_type FROM identities ORDER BY user_id")
    assert [tuple(row.values()) for row in rows] == [("ada", at(1), "first", "track"), ("bob", None, "later", "track")]


def test_an_alias_of_oneself_is_nothing() -> None:
    assert owners_in(filled([[Said("m", 1, "ada", None, "ada")]]), 9) == {}


def test_an_alias_moves_a_person_from_its_moment_on() -> None:
    lake = filled([[Said("alias", 3, "bob", None, "ada"), Said("login", 1, "ada", "a1")]])
    assert owners_in(lake, 3)[("anonymous", "a1")] == "ada"
    assert owners_in(lake, 4) == {("anonymous", "a1"): "bob", ("anonymous", "ada"): "bob", ("user", "ada"): "bob"}


def test_an_alias_that_turns_an_earlier_one_round_moves_nothing() -> None:
    lake = filled([[Said("back", 2, "ada", None, "bob")], [Said("alias", 1, "bob", None, "ada")]])
    assert owners_in(lake, 9)[("user", "ada")] == "bob"
    assert ("user", "bob") not in owners_in(lake, 9)


def test_what_was_separated_stays_so_when_the_same_claim_comes_again_and_was_joined_before() -> None:
    a1 = ("anonymous", "a1")
    lake = filled([[Said("m1", 1, "ada", "a1")]], [Decided(a1, "ada", "separated", 3)])
    lake.fill("events", [Said("m2", 5, "ada", "a1").row(START + 5 * RUN)])
    lake.run(identities_sql(Inserted(START + 4 * RUN)))
    assert [owners_in(lake, moment).get(a1) for moment in (1, 2, 3, 4, 9)] == [None, "ada", "ada", None, None]


def test_where_the_first_claim_was_separated_the_next_that_stands_begins() -> None:
    a1 = ("anonymous", "a1")
    lake = filled([[Said("m1", 1, "ada", "a1"), Said("m2", 2, "bob", "a1")]], [Decided(a1, "ada", "separated", 3)])
    assert [owners_in(lake, moment)[a1] for moment in (2, 3, 4)] == ["ada", "ada", "bob"]
    decide(lake, [Decided(a1, "ada", "joined", 6)])
    lake.run(identities_sql(Inserted(START + 4 * RUN)))
    assert [owners_in(lake, moment)[a1] for moment in (3, 4, 9)] == ["ada", "ada", "ada"]
