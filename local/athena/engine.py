"""The API of Athena over moto's backend: start, look, read, stop. Written against moto 5.2.5, whose own methods only pretend.

https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html and its neighbours. Four queries run at a time, each in
a thread of a pool; the others wait in state QUEUED.
"""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from moto.athena.models import AthenaBackend, WorkGroup
from moto.athena.responses import AthenaResponse

from local.athena import history, metadata_api
from local.athena.errors import StatementCancelledError, StatementFailedError
from local.athena.queries import FINAL, InvalidRequestError, LocalExecution, description
from local.athena.statements import Kind, Statement, read
from local.iam import principals

if TYPE_CHECKING:
    from local.athena.execution import Outcome

MAX_STATEMENT_BYTES = 262_144
MAX_PAGE_ROWS = 1000
CONCURRENT_QUERIES = 4
MAX_REMEMBERED_QUERIES = 2000


class _Workers:
    """The pool, made by the first query."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self.live: set[LocalExecution] = set()

    def submit(self, work: Callable[[LocalExecution], None], execution: LocalExecution) -> None:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(CONCURRENT_QUERIES, thread_name_prefix="athena")
            self.live.add(execution)
            self._pool.submit(work, execution).add_done_callback(lambda _: self.live.discard(execution))

    def stop(self) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
        for execution in list(self.live):
            _cancel(execution)
        if pool is not None:
            pool.shutdown(cancel_futures=True)
        self.live.clear()


_workers = _Workers()


def settled(seconds: float) -> None:
    """Returns once what runs now is over, or after so many seconds for each: whoever shares the process need not look again and again, which takes
    from the engine the time that they wait for."""
    for execution in list(_workers.live):
        execution.over.wait(seconds)


_QUERIES = ("start_query_execution", "get_query_execution", "get_query_results", "stop_query_execution")
_ANSWERS = (*metadata_api.ANSWERS, *history.ANSWERS)
_STOCK = {
    (owner, name): getattr(owner, name, None)
    for owner, names in ((AthenaResponse, (*_QUERIES, *(answer.__name__ for answer in _ANSWERS))), (AthenaBackend, _QUERIES[:1]))
    for name in names
}
"""What `install` replaces; None where moto has nothing."""


def install() -> None:
    """Patches moto's classes; backends that exist already take part."""
    AthenaResponse.start_query_execution = _answer_start
    AthenaResponse.get_query_execution = _answer_look
    AthenaResponse.get_query_results = _answer_rows
    AthenaResponse.stop_query_execution = _answer_stop
    AthenaBackend.start_query_execution = _start
    for answer in _ANSWERS:
        setattr(AthenaResponse, answer.__name__, answer)


def stop() -> None:
    """Ends what runs, and leaves moto as it was."""
    _workers.stop()
    for (owner, name), function in _STOCK.items():
        if function is not None:
            setattr(owner, name, function)
        else:
            delattr(owner, name)


def _answer_start(self: AthenaResponse) -> str:
    query_id = _start(
        self.athena_backend,
        self._get_param("QueryString"),
        self._get_param("QueryExecutionContext"),
        self._get_param("ResultConfiguration"),
        self._get_param("WorkGroup"),
        self._get_param("ExecutionParameters"),
        self._get_param("ClientRequestToken"),
    )
    return json.dumps({"QueryExecutionId": query_id})


def _start(
    self: AthenaBackend,
    query: str,
    context: Any,
    config: dict[str, Any] | None,
    workgroup: str | None,
    execution_parameters: list[str] | None,
    token: str | None = None,
) -> str:
    """Checks what Athena checks at once, then queues the query. A token that was seen before names the query of then."""
    group = self.work_groups.get(workgroup or "primary")
    if group is None:
        raise InvalidRequestError(f"WorkGroup {workgroup} is not found.")
    if group.state != "ENABLED":
        raise InvalidRequestError(f"WorkGroup {group.name} is disabled.")
    if len(query.encode()) > MAX_STATEMENT_BYTES:
        raise InvalidRequestError(f"1 validation error detected: 'queryString' must have length less than or equal to {MAX_STATEMENT_BYTES}")
    request = json.dumps([query, context, config, group.name, execution_parameters], sort_keys=True)
    with _tokens_lock:
        earlier = _tokens(self).get(token) if token else None
        if earlier:
            if earlier[0] != request:
                raise InvalidRequestError("Idempotent parameters do not match")
            return earlier[1]
        execution = _queued(self, query, context, _output(group, config), group, execution_parameters)
        if token:
            _tokens(self)[token] = (request, execution.id)
    _workers.submit(lambda work: _work(self, work), execution)
    return execution.id


_tokens_lock = threading.Lock()


def _tokens(backend: AthenaBackend) -> dict[str, tuple[str, str]]:
    """Kept on the backend, so that they go when moto resets it."""
    found: dict[str, tuple[str, str]] = backend.__dict__.setdefault("regulars_tokens", {})
    return found


def _queued(backend: AthenaBackend, query: str, context: Any, output: str, group: WorkGroup, parameters: list[str] | None) -> LocalExecution:
    execution = LocalExecution(query, context, output, group, parameters)
    try:
        execution.statement = read(query)
        execution.statement_type = execution.statement.type
    except StatementFailedError as error:
        if error.reason.startswith("SYNTAX_ERROR"):
            raise InvalidRequestError(error.reason.removeprefix("SYNTAX_ERROR: ")) from error
        execution.refused = error
    backend.executions[execution.id] = execution
    _forget_oldest(backend)
    return execution


def _forget_oldest(backend: AthenaBackend) -> None:
    """Athena forgets a query after 45 days (https://docs.aws.amazon.com/athena/latest/ug/queries-viewing-history.html), this after so many."""
    executions = backend.executions
    while len(executions) > MAX_REMEMBERED_QUERIES and executions[oldest := next(iter(executions))].status in FINAL:
        del executions[oldest]
    for token, (_, query_id) in list(_tokens(backend).items())[: len(_tokens(backend)) - MAX_REMEMBERED_QUERIES]:
        if query_id not in executions:
            del _tokens(backend)[token]


def _output(group: WorkGroup, config: dict[str, Any] | None) -> str:
    """The client's place for results, or the work group's; the work group's alone where it enforces its settings."""
    settings = group.configuration or {}
    theirs = (settings.get("ResultConfiguration") or {}).get("OutputLocation")
    mine = (config or {}).get("OutputLocation")
    chosen = theirs if settings.get("EnforceWorkGroupConfiguration") else mine or theirs
    if not chosen:
        where = "either through the Workgroup result configuration setting or as an API input"
        raise InvalidRequestError(f"No output location provided. An output location is required {where}.")
    return str(chosen)


def _work(backend: AthenaBackend, execution: LocalExecution) -> None:
    """In a thread of the pool: the query from RUNNING to its end."""
    with execution.lock:
        if execution.status in FINAL:
            return
        execution.status, execution.started_running = "RUNNING", time.time()
    try:
        if execution.refused or execution.statement is None:
            raise execution.refused or StatementFailedError("GENERIC_INTERNAL_ERROR: no statement")
        with principals.acting(execution.principal):
            execution.outcome = _run(backend, execution, execution.statement)
        execution.finish("SUCCEEDED")
    except StatementCancelledError as error:
        execution.finish("CANCELLED", error.reason)
    except StatementFailedError as error:
        execution.failure = error
        execution.finish("FAILED", error.reason)
    finally:
        execution.statement = execution.refused = None  # a tree is fifty times its text


def _run(backend: AthenaBackend, execution: LocalExecution, statement: Statement) -> "Outcome":
    from local.athena import execution as runner
    from local.athena.objects import Objects
    from local.athena.session import Session

    settings = (execution.workgroup.configuration if execution.workgroup else None) or {}
    limit = settings.get("BytesScannedCutoffPerQuery") if statement.kind in (Kind.SELECT, Kind.UNLOAD, Kind.INSERT) else None
    objects = Objects(backend.account_id, backend.partition, int(limit) if limit else None)
    session = Session(objects, region=backend.region_name, database=((execution.context or {}).get("Database") or "default").lower())
    try:
        with execution.lock:
            execution.session = session
            if execution.cancelled:
                raise StatementCancelledError
        return runner.run(session, statement, execution.execution_parameters or [], execution.config["OutputLocation"])
    finally:
        execution.bytes_read = objects.bytes_read
        with execution.lock:
            execution.session = None
        session.close()


def _found(backend: AthenaBackend, query_id: str) -> LocalExecution:
    execution = backend.executions.get(query_id)
    if not isinstance(execution, LocalExecution):
        raise InvalidRequestError(f"QueryExecution {query_id} was not found")
    return execution


def _answer_look(self: AthenaResponse) -> str:
    execution = _found(self.athena_backend, self._get_param("QueryExecutionId"))
    return json.dumps({"QueryExecution": description(execution)})


def _answer_rows(self: AthenaResponse) -> str:
    """https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html: the names of the columns are the first row of a SELECT."""
    from local.athena import results

    execution = _found(self.athena_backend, self._get_param("QueryExecutionId"))
    if execution.status in ("FAILED", "CANCELLED"):
        raise InvalidRequestError(f"Query did not finish successfully. Final query state: {execution.status}")
    if execution.outcome is None or execution.status != "SUCCEEDED":
        raise InvalidRequestError(f"Query has not yet finished. Current state: {execution.status}")
    size = int(self._get_param("MaxResults") or MAX_PAGE_ROWS)
    if not 1 <= size <= MAX_PAGE_ROWS:
        raise InvalidRequestError(f"MaxResults is more than maximum allowed length {MAX_PAGE_ROWS}.")
    token = self._get_param("NextToken") or "0"
    if not token.isdecimal():
        raise InvalidRequestError("Invalid pagination token provided.")
    start = int(token)
    outcome = execution.outcome
    columns: tuple[results.Column, ...] = (results.Column("rows", "bigint"),) if outcome.updated is not None else ()
    rows: list[tuple[str | None, ...]] = [(line,) for line in outcome.lines[start : start + size]]
    total = len(outcome.lines)
    if outcome.lines:
        columns = (results.Column("line", "varchar"),)
    if outcome.table is not None:
        columns, total = outcome.table.columns, len(outcome.table) + 1
        names: list[tuple[str | None, ...]] = [tuple(column.name for column in columns)] if start == 0 else []
        rows = [*names, *outcome.table.rows(max(start - 1, 0), size - len(names))]
    answer: dict[str, Any] = {
        "UpdateCount": outcome.updated or 0,
        "ResultSet": {
            "Rows": [{"Data": [{} if value is None else {"VarCharValue": value} for value in row]} for row in rows],
            "ResultSetMetadata": {"ColumnInfo": results.column_info(columns)},
        },
    }
    if start + size < total:
        answer["NextToken"] = str(start + size)
    return json.dumps(answer)


def _answer_stop(self: AthenaResponse) -> str:
    """Idempotent, as Athena's; a query that is over stays as it ended."""
    _cancel(_found(self.athena_backend, self._get_param("QueryExecutionId")))
    return json.dumps({})


def _cancel(execution: LocalExecution) -> None:
    with execution.lock:
        execution.cancelled = True
        session = execution.session
        if session is not None:
            session.cancel()
    if session is None and execution.status == "QUEUED":
        execution.finish("CANCELLED")
