"""The SQL over the quarantine. An event that was written twice (`load` was interrupted and went on, or its client sent it again) is one, by its id:
it came when it came first."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal, cast

from sqlglot import exp

from regulars.domain.collection.moments import iso
from regulars.domain.lake.sql import printed, statement, text
from regulars.domain.quarantine.selection import Selection

Order = Literal["newest", "receipt"]

MOST_GROUPS: Final = 1_000
"""Rows of an answer: a client can make up names without end."""

LONGEST_TEXT: Final = 131_072
"""Characters of an event that leave the lake: four times what collection takes (`examination.MAX_EVENT_BYTES`), so that a page of them fits into a
function's memory. A larger one is counted and described, and stays."""

# What was written before `text` was has the event itself, as JSON, where it is read as text.
_REFUSED = """
SELECT *, row_number() OVER (PARTITION BY id ORDER BY at, reason) AS copy FROM (
  SELECT id, at, source, reason, message, place, raw, historical, coalesce(text, event) AS text,
    coalesce(event_name, json_extract_scalar(event, '$.event'), json_extract_scalar(event, '$.type')) AS event_name
  FROM quarantined_events WHERE dt >= :first_day
) AS told
WHERE :chosen
"""

# "begun" < "done": what is said of a replay that was finished once, whatever else was begun.
_REPLAYS = """
SELECT id, max(state) AS state, max_by(replay, state) AS replay, max_by(at, state) AS replayed_at, max_by(by_whom, state) AS by_whom,
  max_by(repair, state) AS repair
FROM quarantine_replays WHERE dt >= :first_day GROUP BY id
"""

_GROUPS = """
SELECT refused.reason, refused.source, refused.event_name, coalesce(replays.state = 'done', FALSE) AS replayed,
  count(*) AS events, min(refused.at) AS first_at, max(refused.at) AS last_at, max_by(refused.id, refused.at) AS example
FROM :refused AS refused LEFT JOIN :replays AS replays ON replays.id = refused.id
WHERE refused.copy = 1
GROUP BY refused.reason, refused.source, refused.event_name, coalesce(replays.state = 'done', FALSE)
ORDER BY replayed, events DESC, refused.reason, refused.source, refused.event_name
LIMIT :limit
"""

_ENTRIES = """
SELECT refused.id, refused.at, refused.source, refused.reason, refused.message, refused.event_name, refused.raw, refused.historical,
  CASE WHEN length(refused.text) <= :longest THEN refused.text END AS text, length(refused.text) AS characters,
  replays.state, replays.replay, replays.replayed_at, replays.by_whom, replays.repair
FROM :refused AS refused LEFT JOIN :replays AS replays ON replays.id = refused.id
WHERE refused.copy = 1 AND :waiting
"""

_WAITING = "coalesce(replays.state <> 'done', TRUE)"


def groups_sql(selection: Selection, now: datetime) -> str:
    """`reason, source, event_name, replayed, events, first_at, last_at, example` (an id), the largest first, those that wait before those that were
    replayed; at most MOST_GROUPS and one, which says that there are more."""
    return printed(statement(_GROUPS, {**_joined(selection, now), "limit": exp.Literal.number(MOST_GROUPS + 1)}))


def entries_sql(selection: Selection, now: datetime, *, order: Order, limit: int | None = None) -> str:
    """The columns of `Entry.of_row`. What was replayed is left out, unless the selection names ids.

    By receipt means as the events came: those of one request are beside each other.
    """
    waiting = exp.true() if selection.ids else statement(f"SELECT {_WAITING}").expressions[0]
    values = {**_joined(selection, now), "longest": exp.Literal.number(LONGEST_TEXT), "waiting": waiting}
    tree = cast(exp.Select, statement(_ENTRIES, values))
    if order == "receipt":
        tree = tree.order_by("refused.at", "refused.source", "refused.place", "refused.id", copy=False)
    else:
        tree = tree.order_by("refused.at DESC", "refused.id", copy=False)
    return printed(tree if limit is None else tree.limit(limit, copy=False))


def _joined(selection: Selection, now: datetime) -> dict[str, exp.Expr]:
    first_day = text(selection.first_day(now).isoformat())
    chosen = exp.and_(*_conditions(selection), copy=False) if selection != Selection() else exp.true()
    return {
        "refused": exp.Subquery(this=statement(_REFUSED, {"first_day": first_day, "chosen": chosen})),
        "replays": exp.Subquery(this=statement(_REPLAYS, {"first_day": first_day.copy()})),
    }


def _conditions(selection: Selection) -> Iterator[exp.Expression]:
    for column, wanted in (("reason", selection.reason), ("source", selection.source), ("event_name", selection.event)):
        if wanted is not None:
            yield exp.EQ(this=exp.column(column), expression=text(wanted))
    if selection.ids:
        yield exp.In(this=exp.column("id"), expressions=[text(identity) for identity in selection.ids])
    if selection.since:
        yield exp.GTE(this=exp.column("at"), expression=text(iso(selection.since)))
    if selection.until:
        yield exp.LT(this=exp.column("at"), expression=text(iso(selection.until)))
