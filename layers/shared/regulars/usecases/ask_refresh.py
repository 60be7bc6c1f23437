"""Asking who is in a segment that is refreshed: of everything, or of what was counted once a day and what came since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from regulars.domain.evaluations import Evaluation, new_evaluation_id
from regulars.domain.lake.sql import printed, unload
from regulars.domain.lake.time_travel import iceberg_tables, read_at
from regulars.domain.refreshes import MINUTE, Base, Refresh, floored
from regulars.domain.segments import audience_sql
from regulars.domain.segments.compile.bases import Counting, counting
from regulars.domain.segments.compile.increments import base_sql, increment_sql
from regulars.domain.segments.limits import BASE_LIFE
from regulars.ports import Clock, EvaluationStore, QueryEngine, TableCatalog
from regulars.usecases.evaluation_record import begin, question
from regulars.usecases.pin_snapshots import pin_snapshots
from regulars.usecases.reach_segments import Reached

BY: Final = "refresh"
"""Who asked, in the record of an evaluation."""

BASES: Final = "segment_bases/"
"""Where bases lie in the lake's bucket; what is there is forgotten after two days (template.yaml)."""


@dataclass(frozen=True)
class RefreshAsked:
    evaluation: Evaluation
    base: Base | None


def ask_refresh(
    state: Refresh,
    found: Reached,
    *,
    as_of: datetime,
    through: datetime,
    bucket: str,
    evaluations: EvaluationStore,
    queries: QueryEngine,
    catalog: TableCatalog,
    clock: Clock,
) -> RefreshAsked:
    """Starts listing the people. `through`: what was curated up to then is in the lake.

    Where there is no base that serves, all of the lake is asked, and a base is begun for the looks of the next day; it is used once it is written.
    Raises InvalidRuleError, QueryFailedError, StoreUnavailableError.
    """
    now = clock.now()
    segment_id = found.segment.segment_id
    evaluation_id = new_evaluation_id(now, f"{segment_id} {as_of.isoformat()}")
    people, base = audience_sql(found.segment.rule, as_of, found.segments, within=segment_id), state.base
    if base is not None and base.serves(found.versions, as_of):
        counted = _counting(found, base.first)
        if counted is not None and queries.look(base.query_id).state == "succeeded":
            people = increment_sql(counted, base.id, base.through, as_of)
    elif base is None or not base.lives(found.versions, as_of):
        base = _begun(f"{segment_id}-{evaluation_id}", found, floored(as_of, MINUTE), through, bucket, queries)
    snapshots = pin_snapshots(iceberg_tables(people), at=now, catalog=catalog)
    read_at(people, snapshots)
    asked = Evaluation(evaluation_id, segment_id, "members", as_of, now, BY, found.versions, printed(people), snapshots)
    return RefreshAsked(begin(asked, question("members", people), evaluations=evaluations, queries=queries), base)


def _begun(base_id: str, found: Reached, first: datetime, through: datetime, bucket: str, queries: QueryEngine) -> Base | None:
    """A base from this moment on, where the rule can be counted and is looked at more than once a day."""
    counted = _counting(found, first)
    if counted is None or (found.segment.refresh or BASE_LIFE) >= BASE_LIFE:
        return None
    sql = unload(base_sql(counted, through), f"s3://{bucket}/{BASES}{base_id}/")
    return Base(base_id, first, through, queries.start(sql, token=base_id), found.versions)


def _counting(found: Reached, first: datetime) -> Counting | None:
    return counting(found.segment.rule, first, found.segments, within=found.segment.segment_id)
