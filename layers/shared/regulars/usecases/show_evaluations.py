"""Evaluations of the past: listed, shown, and the same people again."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from regulars.domain.delivery.global_control import HELD_OUT
from regulars.domain.errors import ConflictError, NotFoundError, QueryFailedError
from regulars.domain.evaluations import Evaluation, EvaluationSummary, audience_of, new_evaluation_id, newest_first, summary
from regulars.domain.lake.sql import kept, printed, statement, text
from regulars.ports import Clock, DefinitionStore, EvaluationStore, ObjectStore, QueryEngine, RunStore, TableCatalog
from regulars.usecases.evaluation_record import EvaluationLook, begin, look_of, question, settled
from regulars.usecases.pin_snapshots import require_snapshots

MOST: Final = 200
"""Of a list."""

_ASSIGNED: Final = "SELECT DISTINCT user_id FROM assignments WHERE run_id = :run_id AND arm <> :held_out"


@dataclass(frozen=True)
class Evaluations:
    """The newest first."""

    evaluations: Sequence[EvaluationSummary]


def list_evaluations(
    segment_id: str,
    *,
    limit: int,
    definitions: DefinitionStore,
    evaluations: EvaluationStore,
    runs: RunStore,
    queries: QueryEngine,
    lake: ObjectStore,
) -> Evaluations:
    """Counts, lists and audiences of runs. What nobody had looked at since it began is looked at now. Raises NotFoundError for an unknown segment."""
    definitions.get("segment", segment_id)
    asked = [_looked_at(each, evaluations, queries, lake) for each in evaluations.listed(segment_id, limit=limit)]
    audiences = [audience_of(run, segment_id) for run in runs.listed(segment_id=segment_id, limit=limit).runs]
    return Evaluations([summary(each) for each in newest_first([*asked, *audiences])[:limit]])


def get_evaluation(segment_id: str, evaluation_id: str, *, evaluations: EvaluationStore, runs: RunStore) -> Evaluation:
    """As it was when somebody last looked, with its SQL. Raises NotFoundError."""
    with suppress(NotFoundError):
        run = runs.get(evaluation_id).value
        if segment_id in run.segments:
            return audience_of(run, segment_id)
    return evaluations.get(segment_id, evaluation_id)


def show_again(
    segment_id: str,
    evaluation_id: str,
    *,
    request: str,
    by: str,
    evaluations: EvaluationStore,
    runs: RunStore,
    queries: QueryEngine,
    catalog: TableCatalog,
    clock: Clock,
) -> EvaluationLook:
    """Whom an evaluation found: its own list where there is one, else its SQL is asked again, as a new evaluation whose list is then that of both.

    Raises NotFoundError where there is no list and a snapshot has expired, ConflictError for a run that has not taken its audience yet.
    """
    found = get_evaluation(segment_id, evaluation_id, evaluations=evaluations, runs=runs)
    if found.manifest or (found.kind == "members" and not found.is_over):
        return look_of(found)
    sql, now = _sql_of(found, catalog), clock.now()
    identity = new_evaluation_id(now, request)
    new = Evaluation(identity, segment_id, "members", found.as_of, now, by, found.versions, sql, found.snapshots, again=found.id)
    return look_of(begin(new, question("members", kept(sql)), evaluations=evaluations, queries=queries))


def _sql_of(found: Evaluation, catalog: TableCatalog) -> str:
    if found.kind == "audience":
        if found.state != "succeeded":
            raise ConflictError(f"run {found.id} has not taken its audience: {found.reason or 'it is still being planned'}")
        return printed(statement(_ASSIGNED, {"run_id": text(found.id), "held_out": text(HELD_OUT)}))
    try:
        require_snapshots(found.snapshots, catalog=catalog)
    except NotFoundError as error:
        told = f"the people of evaluation {found.id} were never listed, and {error}"
        raise NotFoundError(f"{told}. `segment members` keeps its list for 90 days") from error
    return found.sql


def _looked_at(evaluation: Evaluation, evaluations: EvaluationStore, queries: QueryEngine, lake: ObjectStore) -> Evaluation:
    try:
        return settled(evaluation, evaluations=evaluations, queries=queries, lake=lake)
    except (NotFoundError, QueryFailedError):  # Athena forgets queries after 45 days, and results after a week; one costs no other
        return evaluation
