"""Whose an event is, as of a moment: of the person whom it names, or of whoever had claimed its anonymous id by then.

`identities` says it for one id (`curation.identities`); an alias of a person's own id moves all that is theirs, so that owners are looked up again
for the owner, HOPS times. Events after the moment do not exist for it, neither do their claims, nor what was decided later.
"""

from datetime import datetime
from itertools import pairwise
from typing import Final

from sqlglot import exp

from regulars.domain.lake.sql import printed, statement, timestamp
from regulars.domain.lake.tables import EVENTS

OWNERS: Final = "owners"
"""What `owners` is called in a WITH, for `join_owners`."""

HOPS: Final = 2
"""So `anonymous -> a -> b -> c` is found: a person is renamed once in a life, if that. Where three aliases make a ring, each of its people ends at
themselves."""

_AT = "since_ts < :as_of AND (until_ts IS NULL OR until_ts >= :as_of)"

_CLAIMED = f"SELECT kind, id, user_id FROM identities WHERE {_AT}"

_RENAMED = f"SELECT id, user_id FROM identities WHERE kind = 'user' AND {_AT}"

_SAME = """
owners.owned_kind = CASE WHEN :user_id IS NULL THEN 'anonymous' ELSE 'user' END AND owners.owned_id = coalesce(:user_id, :anonymous_id)
"""

_RENAMED_TO = "owners.owned_kind = 'user' AND owners.owned_id = :user_id"


def owners(as_of: datetime) -> exp.Select:
    """Each id that is somebody else's as of the moment, once: `owned_kind` (anonymous or user), `owned_id`, and `owner_id`, whose it is."""
    moment = {"as_of": timestamp(as_of)}
    names = ["claimed", *(f"renamed_{hop}" for hop in range(1, HOPS + 1))]
    last = exp.Coalesce(this=exp.column("user_id", names[-1]), expressions=[exp.column("user_id", name) for name in reversed(names[:-1])])
    found = exp.select(
        exp.column("kind", names[0]).as_("owned_kind"), exp.column("id", names[0]).as_("owned_id"), exp.alias_(last, "owner_id")
    ).from_(exp.Subquery(this=statement(_CLAIMED, moment)).as_(names[0], copy=False), copy=False)
    for before, name in pairwise(names):
        renamed = exp.Subquery(this=statement(_RENAMED, moment)).as_(name, copy=False)
        found = found.join(renamed, on=exp.EQ(this=exp.column("id", name), expression=exp.column("user_id", before)), join_type="LEFT", copy=False)
    return found


def renamed_sql(as_of: datetime) -> str:
    """Each id of a person who had become another by then: `user_id`, once."""
    everybody = exp.Subquery(this=owners(as_of)).as_(OWNERS, copy=False)
    user = exp.EQ(this=exp.column("owned_kind", OWNERS), expression=exp.Literal.string("user"))
    return printed(exp.select(exp.column("owned_id", OWNERS).as_("user_id")).from_(everybody).where(user))


def join_owners(query: exp.Select, table: str = EVENTS.name) -> exp.Select:
    """The query over `events`, or another table with its ids, with `owners` beside it, which it has in its WITH or above.
    No row is lost or doubled."""
    ids = {name: exp.column(name, table) for name in ("user_id", "anonymous_id")}
    return query.join(OWNERS, on=statement(_SAME, ids), join_type="LEFT", copy=False)


def join_renamed(query: exp.Select, user_id: exp.Expression) -> exp.Select:
    """The query with `owners` beside it where this id of a person became another's."""
    return query.join(OWNERS, on=statement(_RENAMED_TO, {"user_id": user_id.copy()}), join_type="LEFT", copy=False)


def person(table: str = EVENTS.name) -> exp.Expression:
    """The id of the person whose a joined row of this table is; NULL where it is nobody's yet."""
    return exp.Coalesce(this=exp.column("owner_id", OWNERS), expressions=[exp.column("user_id", table)])
