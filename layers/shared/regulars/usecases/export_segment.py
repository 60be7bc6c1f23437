"""The people of a segment with what is known of them: as a file, page by page, or written by Athena to S3. Nothing here waits."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlglot import exp

from regulars.domain.errors import ConflictError, InvalidRequestError
from regulars.domain.evaluations import Evaluation
from regulars.domain.lake.results import page_start
from regulars.domain.lake.sql import printed, unload
from regulars.domain.lake.time_travel import iceberg_tables, read_at
from regulars.domain.segments.export import read_traits, rows_sql, traits_sql, unloaded_sql
from regulars.domain.segments.export_files import ExportFormat, rendered
from regulars.domain.tickets import EvaluationTicket, unsealed
from regulars.ports import Clock, DefinitionStore, EvaluationStore, ObjectStore, QueryEngine, TableCatalog
from regulars.usecases.evaluate_segment import compiled
from regulars.usecases.evaluation_record import EvaluationLook, begin, look_of
from regulars.usecases.pin_snapshots import pin_snapshots
from regulars.usecases.result_page import result_page

EXPORTS: Final = "exports/"
"""Where in the lake's bucket an export may be written; what is there is forgotten after 14 days (template.yaml)."""

_ADDRESS: Final = re.compile(r"s3://([a-z0-9.-]{3,63})/([\w!.()=/-]*)", re.ASCII)


@dataclass(frozen=True)
class ExportTargets:
    """Where an export may be written. `allowed_bucket` is the template's ExportBucket, empty where there is none."""

    lake_bucket: str
    allowed_bucket: str = ""

    def folder(self, address: str, name: str) -> str:
        """The address of a new folder under that one, with what Athena wants. Raises InvalidRequestError, which says what is allowed."""
        given = _ADDRESS.fullmatch(address)
        allowed = given and (given[1] == self.allowed_bucket or (given[1] == self.lake_bucket and given[2].startswith(EXPORTS)))
        if not allowed:
            other = (
                f" or s3://{self.allowed_bucket}/"
                if self.allowed_bucket
                else "; another bucket is allowed by the parameter ExportBucket of the stack"
            )
            raise InvalidRequestError(f"an export may be written below s3://{self.lake_bucket}/{EXPORTS}{other}", field="to")
        return f"{address.rstrip('/')}/{name}/"


@dataclass(frozen=True)
class ExportPage:
    """A piece of the file; all pieces behind each other are the file. `next` is the name of the one after it, empty at the end."""

    text: str
    next: str


def start_export(
    segment_id: str,
    *,
    traits: object,
    to: str,
    as_of: datetime | None,
    request: str,
    by: str,
    targets: ExportTargets,
    definitions: DefinitionStore,
    evaluations: EvaluationStore,
    queries: QueryEngine,
    catalog: TableCatalog,
    clock: Clock,
) -> EvaluationLook:
    """As of now where no moment is given, of people and of traits alike, in the lake as it is now. `to`: an S3 address, or empty for pages.

    Raises NotFoundError, InvalidRuleError, InvalidRequestError for traits and addresses.
    """
    wanted = read_traits(traits)
    found, people = compiled(segment_id, "export", as_of=as_of, request=request, by=by, definitions=definitions, clock=clock)
    known = traits_sql(wanted, found.as_of) if wanted else exp.select()
    snapshots = pin_snapshots({*iceberg_tables(people), *iceberg_tables(known)}, at=found.started_at, catalog=catalog)
    for query in (people, known):
        read_at(query, snapshots)
    location = targets.folder(to, found.id) if to else ""
    evaluation = replace(found, sql=printed(people), snapshots=snapshots, traits=wanted, location=location)
    asked = unloaded_sql(people, known, wanted, found.as_of) if location else rows_sql(people, known, wanted, found.as_of)
    sql = unload(asked, location) if location else printed(asked)
    return look_of(begin(evaluation, sql, evaluations=evaluations, queries=queries))


def export_page(ticket: str, form: ExportFormat, *, page: str = "", evaluations: EvaluationStore, lake: ObjectStore) -> ExportPage:
    """Raises InvalidRequestError for an evaluation that is no export, ConflictError for one that has not succeeded or was written to S3."""
    started = unsealed(ticket, EvaluationTicket)
    evaluation = evaluations.get(started.segment_id, started.evaluation_id)
    start = page_start(page)
    rows, following = result_page(_result_of(evaluation), start, lake=lake)
    return ExportPage(rendered(rows, evaluation.traits, form, first=not start), following)


def _result_of(evaluation: Evaluation) -> str:
    if evaluation.kind != "export":
        raise InvalidRequestError(f"this evaluation is of kind {evaluation.kind}, not export", field="ticket")
    if evaluation.location:
        raise ConflictError(f"this export is written to {evaluation.location}")
    if not evaluation.result:
        raise ConflictError(f"export {evaluation.id} is {evaluation.state}: look at it until it has succeeded")
    return evaluation.result
