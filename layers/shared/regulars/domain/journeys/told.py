"""What the lake was told of somebody in a journey (the trail), and of what they did that the journey begins with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

import orjson
from sqlglot import exp

from regulars.domain.documents import JsonObject
from regulars.domain.journeys.journey import Journey
from regulars.domain.lake import sql
from regulars.domain.lake.event_names import ERRAND_EVENTS, JOURNEY_ENTERED, JOURNEY_EVENTS, JOURNEY_LEFT, OTHER, WEBHOOK_FAILED, WEBHOOK_SENT
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.lake.tables import OWN_SOURCE
from regulars.domain.lake.times import lake_moment
from regulars.domain.queries import ResultRow
from regulars.domain.reasons import NOT_SENT_REASONS
from regulars.domain.segments.compile.values import JsonValue

MOST_TOLD: Final = 200
"""The newest events that are looked at: of the trail and of what the journey begins with together."""

_TOLD: Final = """
SELECT coalesce(events.other_name, events.event_name) AS name, events.event_ts AS at_ts, events.received_ts AS received_ts,
  events.source AS source, events.properties AS properties
FROM events
WHERE :person = :user_id AND events.event_ts >= :since AND events.event_ts < :as_of AND (:trail OR :begins)
ORDER BY events.event_ts DESC, events.message_id DESC LIMIT :most
"""

_TRAIL: Final = "events.source = :own AND events.event_name IN :names AND :journey = :journey_id"
_BEGINS: Final = "events.event_name IN (:name, :other) AND coalesce(events.other_name, events.event_name) = :name"


@dataclass(frozen=True)
class Told:
    """An event of theirs: one of the trail (`ours`), or one of the name that the journey begins with."""

    name: str
    at: datetime
    received: datetime
    ours: bool
    said: JsonObject

    @property
    def properties(self) -> str:
        return orjson.dumps(self.said).decode()

    @property
    def run(self) -> str:
        """Of the trail: which run it is of."""
        return str(self.said.get("run") or "")

    @property
    def order(self) -> tuple[datetime, int, int]:
        """Of one moment what was done first comes first; by their names alone, where `order` was not told yet."""
        order = self.said.get("order")
        return self.at, order if isinstance(order, int) else 0, {JOURNEY_ENTERED: 0, JOURNEY_LEFT: 2}.get(self.name, 1)


@dataclass(frozen=True)
class TrailEntry:
    """What happened when: `event` is its name in the lake, `because` why, in a word of `reasons` where a message was not sent, and `meaning` says
    that as a sentence. `key` is that of the run, where the journey has keys."""

    at: datetime
    event: str
    step: str = ""
    because: str = ""
    meaning: str = ""
    run: str = ""
    key: str = ""


def told_sql(journey: Journey, user_id: str, *, since: datetime, as_of: datetime) -> exp.Select:
    """The newest first, whichever of their ids it was."""
    names = exp.Tuple(expressions=[sql.text(name) for name in sorted(JOURNEY_EVENTS | ERRAND_EVENTS)])
    of = JsonValue(exp.column("properties", "events"), ("journey",)).text()
    trail = sql.statement(_TRAIL, {"own": sql.text(OWN_SOURCE), "names": names, "journey": of, "journey_id": sql.text(journey.id)})
    begins: exp.Expression = exp.false()
    if journey.entry.kind == "event":
        begins = sql.statement(_BEGINS, {"name": sql.text(journey.entry.name), "other": sql.text(OTHER)})
    values = {
        "person": person(),
        "user_id": sql.text(user_id),
        "since": sql.timestamp(since),
        "as_of": sql.timestamp(as_of),
        "trail": exp.paren(trail),
        "begins": exp.paren(begins),
        "most": sql.whole(MOST_TOLD),
    }
    tree = join_owners(cast(exp.Select, sql.statement(_TOLD, values)))
    return tree.with_(OWNERS, as_=owners(as_of), copy=False)


def read_told(rows: Iterable[ResultRow]) -> Sequence[Told]:
    """The newest first."""
    found = [
        Told(
            name=row["name"] or "",
            at=lake_moment(row["at_ts"] or ""),
            received=lake_moment(row["received_ts"] or row["at_ts"] or ""),
            ours=row["source"] == OWN_SOURCE,
            said=orjson.loads(row["properties"] or "{}"),
        )
        for row in rows
    ]
    return sorted(found, key=lambda told: told.order, reverse=True)


def trail_entry(told: Told) -> TrailEntry:
    said = told.said
    because = str(said.get("because") or said.get("reason") or (said.get("status") if told.name in (WEBHOOK_SENT, WEBHOOK_FAILED) else "") or "")
    step, key = str(said.get("step") or ""), str(said.get("key") or "")
    return TrailEntry(told.at, told.name, step, because, NOT_SENT_REASONS.get(because, ""), told.run, key)
