"""Whose an id is at each of a row of moments (`moments.Moments`): what `owners` says of one moment, as phases in which nothing changes.

renamed        each alias of a person's own id, and the slots at which it counts
renamed_slots  each id that any alias names, at each slot: whose it is after two aliases and after three
renamed_runs   the same, slots with the same answer together: they tile all slots
phases         `owned_kind`, `owned_id`, `owner_id`, `from_slot`, `to_slot`: half-open, and without overlap for an id

An id of a person that is in no phase is its own throughout; an anonymous one is nobody's.
"""

from collections.abc import Iterator
from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.moments import Moments, numbers
from regulars.domain.lake.sql import statement, timestamp
from regulars.domain.lake.tables import EVENTS

PHASES: Final = "phases"

_CLAIMED = """
SELECT id, user_id, from_slot, to_slot FROM (
  SELECT id, user_id, :since AS from_slot, coalesce(:until, :never) AS to_slot FROM identities WHERE kind = :kind AND since_ts < :last
) AS claims WHERE from_slot < to_slot
"""

_RENAMED_SLOTS = """
SELECT ids.id, slots.slot, coalesce(twice.user_id, once.user_id, ids.id) AS owner_2,
  coalesce(thrice.user_id, twice.user_id, once.user_id, ids.id) AS owner_3
FROM (SELECT DISTINCT id FROM renamed) AS ids CROSS JOIN :slots
LEFT JOIN renamed AS once ON once.id = ids.id AND once.from_slot <= slots.slot AND once.to_slot > slots.slot
LEFT JOIN renamed AS twice ON twice.id = once.user_id AND twice.from_slot <= slots.slot AND twice.to_slot > slots.slot
LEFT JOIN renamed AS thrice ON thrice.id = twice.user_id AND thrice.from_slot <= slots.slot AND thrice.to_slot > slots.slot
"""

_RENAMED_RUNS = """
SELECT id, owner_2, owner_3, slot AS from_slot, lead(slot, 1, :never) OVER (PARTITION BY id ORDER BY slot) AS to_slot
FROM (
  SELECT id, slot, owner_2, owner_3,
    lag(owner_2) OVER (PARTITION BY id ORDER BY slot) AS before_2, lag(owner_3) OVER (PARTITION BY id ORDER BY slot) AS before_3
  FROM renamed_slots
) AS neighbours
WHERE before_2 IS NULL OR before_2 <> owner_2 OR before_3 <> owner_3
"""

_PHASES = """
SELECT 'user' AS owned_kind, id AS owned_id, owner_3 AS owner_id, from_slot, to_slot FROM renamed_runs
UNION ALL
SELECT 'anonymous' AS owned_kind, claimed.id AS owned_id, coalesce(runs.owner_2, claimed.user_id) AS owner_id,
  greatest(claimed.from_slot, coalesce(runs.from_slot, 0)) AS from_slot, least(claimed.to_slot, coalesce(runs.to_slot, :never)) AS to_slot
FROM :claimed AS claimed
LEFT JOIN renamed_runs AS runs ON runs.id = claimed.user_id AND runs.from_slot < claimed.to_slot AND runs.to_slot > claimed.from_slot
"""

_SAME = """
phases.owned_kind = CASE WHEN :user_id IS NULL THEN 'anonymous' ELSE 'user' END AND phases.owned_id = coalesce(:user_id, :anonymous_id)
"""

_RENAMED_TO = "phases.owned_kind = 'user' AND phases.owned_id = :user_id"

_EPOCHS = """
SELECT owner_id, slot AS from_slot, lead(slot, 1, :never) OVER (PARTITION BY owner_id ORDER BY slot) AS to_slot
FROM (
  SELECT DISTINCT phases.owner_id, CASE edges.edge WHEN 0 THEN 0 WHEN 1 THEN phases.from_slot ELSE phases.to_slot END AS slot
  FROM phases CROSS JOIN :edges
) AS slots
WHERE slot < :never
"""


def owner_phases(moments: Moments) -> Iterator[tuple[str, exp.Query]]:
    """What is to be in the WITH of a statement that joins them, in this order."""
    never = {"never": moments.never}
    yield "renamed", _query(_claimed("user", moments))
    yield "renamed_slots", _query(statement(_RENAMED_SLOTS, {"slots": moments.slots("slots")}))
    yield "renamed_runs", _query(statement(_RENAMED_RUNS, never))
    claimed = exp.Subquery(this=_claimed("anonymous", moments))
    yield PHASES, _query(statement(_PHASES, {**never, "claimed": claimed}))


def epochs(moments: Moments) -> exp.Query:
    """`owner_id`, `from_slot`, `to_slot` of each owner in any phase: they tile all slots, and no id becomes the owner's, or another's, within one."""
    return _query(statement(_EPOCHS, {"never": moments.never, "edges": numbers(range(3), "edges", "edge")}))


def join_phases(query: exp.Select) -> exp.Select:
    """The query over `events` with a row for each phase of an event's id, or one without any."""
    ids = {name: exp.column(name, EVENTS.name) for name in ("user_id", "anonymous_id")}
    return query.join(PHASES, on=statement(_SAME, ids), join_type="LEFT", copy=False)


def join_renamed_phases(query: exp.Select, user_id: exp.Expr) -> exp.Select:
    """The same over a table that names people alone."""
    return query.join(PHASES, on=statement(_RENAMED_TO, {"user_id": user_id}), join_type="LEFT", copy=False)


def owner(table: str) -> exp.Expr:
    """Whose a joined row is, as `owners.person`."""
    return exp.Coalesce(this=exp.column("owner_id", PHASES), expressions=[exp.column("user_id", table)])


def _claimed(kind: str, moments: Moments) -> exp.Expression:
    since, until = (moments.slot(exp.column(name)) for name in ("since_ts", "until_ts"))
    values = {"since": since, "until": until, "never": moments.never, "kind": exp.Literal.string(kind), "last": timestamp(moments.last)}
    return statement(_CLAIMED, values)


def _query(tree: exp.Expression) -> exp.Query:
    return cast(exp.Query, tree)
