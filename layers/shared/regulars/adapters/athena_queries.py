"""Athena as the `QueryEngine`, by PyAthena where something waits or reads rows, and by boto3 where PyAthena has no word for it.

PyAthena: `run` and `all_rows` (start, wait, read), `fetched` (pages into rows), and the patience with a throttling Athena for every call here.
boto3: `start` (gives the id back at once and takes a token, which PyAthena never sends), `look` (a query of another process), `rows` (one page
and the name of the next, for clients of the admin API).
Decision 21 says what was tried. API reference: https://docs.aws.amazon.com/athena/latest/APIReference/Welcome.html
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

from botocore.exceptions import BotoCoreError, ClientError
from pyathena.connection import Connection
from pyathena.converter import Converter
from pyathena.cursor import DictCursor
from pyathena.error import Error as AthenaError
from pyathena.model import AthenaQueryExecution
from pyathena.result_set import AthenaDictResultSet
from pyathena.util import RetryConfig, retry_api_call

from regulars.adapters.aws import client as shared_client
from regulars.domain.errors import InvalidRequestError, NotFoundError, QueryFailedError
from regulars.domain.queries import Query, QueryState, ResultRow, ResultTable, explained

if TYPE_CHECKING:
    from types_boto3_athena import AthenaClient
    from types_boto3_athena.type_defs import GetQueryResultsOutputTypeDef

FIRST_WAIT_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 2.0
PAGE_LIMIT = 1000
"""GetQueryResults gives at most this many rows, its header row among them (API reference, MaxResults)."""

PATIENCE: Final = RetryConfig(exceptions=("TooManyRequestsException", "ThrottlingException"), attempt=6, max_delay=8)
"""Waits of 1, 2, 4, 8 and 8 s, each up to a second longer. Athena allows few calls a second to an account, and everything else there may be
calling too: https://docs.aws.amazon.com/athena/latest/ug/service-limits.html#service-limits-api-calls"""

# PyAthena logs what it raises, with Athena's words; whoever handles the error says what is to be known of it.
logging.getLogger("pyathena").setLevel(logging.CRITICAL)


class AthenaQueries:
    """Queries in one work group and database; the work group says where results go and how much a query may scan."""

    def __init__(
        self,
        *,
        database: str,
        work_group: str,
        client: "AthenaClient | None" = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._database = database
        self._work_group = work_group
        self._athena: AthenaClient = client or shared_client("athena")
        self._sleep = sleep

    def start(self, sql: str, *, token: str = "") -> str:
        """Returns the query id at once. The same token and text never start a second query.

        The text is part of what Athena sees as the token: Athena refuses a token that comes back with another text.
        """
        # Without a token of ours botocore makes one up, so that its own retries start nothing twice.
        idempotency = {"ClientRequestToken": _request_token(token, sql)} if token else {}
        answer = _asked(
            self._athena.start_query_execution,
            QueryString=sql,
            QueryExecutionContext={"Database": self._database},
            WorkGroup=self._work_group,
            **idempotency,
        )
        return cast(str, answer["QueryExecutionId"])

    def look(self, query_id: str) -> Query:
        """The query as it stands. Raises NotFoundError where Athena knows no such id."""
        return _query(self._execution(query_id))

    def rows(self, query_id: str, *, page: str = "", size: int = PAGE_LIMIT) -> tuple[Sequence[ResultRow], str]:
        """One page, of at most `size` rows, of a finished SELECT and the name of the next page ("" at the end).

        The first page starts with a row of column names, which is dropped here:
        https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
        """
        found = self.table(query_id, page=page, size=size)
        names = [name for name, _ in found.columns]
        return [dict(zip(names, row, strict=True)) for row in found.rows], found.next

    def table(self, query_id: str, *, page: str = "", size: int = PAGE_LIMIT) -> ResultTable:
        """As `rows`; what is no SELECT has no row of names, and a name of nothing for its one column where Athena says none."""
        asked_for: dict[str, Any] = {"QueryExecutionId": query_id}
        asked_for["MaxResults"] = min(size if page else size + 1, PAGE_LIMIT)
        if page:
            asked_for["NextToken"] = page
        try:
            answer = cast("GetQueryResultsOutputTypeDef", _asked(self._athena.get_query_results, **asked_for))
        except QueryFailedError as failure:
            if not failure.refused:
                raise
            if page:
                raise InvalidRequestError("is not the name of a page of this result: bring what `next` said", field="page") from failure
            raise NotFoundError(f"there is no result of a query {query_id}") from failure
        columns = [(column["Name"], column["Type"]) for column in answer["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]
        found = [[value.get("VarCharValue") for value in row["Data"]] for row in answer["ResultSet"]["Rows"]]
        headed = not page and found[:1] == [[name for name, _ in columns]]
        return ResultTable(columns, found[1:] if headed else found, answer.get("NextToken", ""))

    def stop(self, query_id: str) -> None:
        try:
            _asked(self._athena.stop_query_execution, QueryExecutionId=query_id)
        except QueryFailedError as failure:
            if failure.refused:
                raise NotFoundError(f"there is no query {query_id}") from failure
            raise

    def wait(self, query_id: str, *, within: timedelta) -> Query:
        """The query when it is over, or as it stands after so long. Raises NotFoundError where Athena knows no such id."""
        waits, left = _growing_waits(), within.total_seconds()
        while not (query := self.look(query_id)).is_over and left > 0:
            seconds = next(waits)
            self._sleep(seconds)
            left -= seconds
        return query

    def run(self, sql: str) -> Query:
        """Starts and waits. Raises QueryFailedError with Athena's reason if it did not succeed."""
        _, query = self._executed(sql)
        return query

    def all_rows(self, sql: str) -> Iterator[ResultRow]:
        """Runs a SELECT and gives its rows."""
        cursor, _ = self._executed(sql)
        return _read(cursor)

    def fetched(self, query_id: str) -> Iterator[ResultRow]:
        """Every row of a finished SELECT, page by page."""
        execution = self._execution(query_id)
        if execution.state != AthenaQueryExecution.STATE_SUCCEEDED:  # PyAthena would read no rows of it
            raise QueryFailedError(f"query {query_id} has no rows: it is {_query(execution).state}")
        try:
            return _read(AthenaDictResultSet(self._connection, _AsText(), execution, PAGE_LIMIT, PATIENCE))
        except AthenaError as error:
            raise _refused(error) from error

    @cached_property
    def _connection(self) -> "Connection[DictCursor]":
        return Connection(
            work_group=self._work_group,
            schema_name=self._database,
            catalog_name=None,  # Athena's own
            s3_staging_dir="",  # the work group's; without a word PyAthena would look into the environment
            session=cast(Any, _OneClient(self._athena)),
            cursor_class=DictCursor,
            converter=_AsText(),
            retry_config=PATIENCE,
            poll_interval=0,  # `_Wait` waits
            kill_on_interrupt=False,  # nobody presses Ctrl-C on Lambda, and this spares a thread for each start
        )

    def _executed(self, sql: str) -> tuple[DictCursor, Query]:
        wait = _Wait(self._sleep)
        cursor = self._connection.cursor(on_poll=wait)
        try:
            cursor.execute(sql, paramstyle="qmark")  # the text as it is: no % of ours is a placeholder
        except AthenaError as error:
            if wait.ended is None or wait.ended.state == "SUCCEEDED":
                raise _refused(error) from error
            query = _query(wait.ended)
            raise QueryFailedError(f"query {query.query_id} {query.state}: {query.reason or 'Athena gave no reason'}") from error
        return cursor, _query(cast(AthenaQueryExecution, wait.ended))

    def _execution(self, query_id: str) -> AthenaQueryExecution:
        try:
            return AthenaQueryExecution(_asked(self._athena.get_query_execution, QueryExecutionId=query_id))
        except QueryFailedError as failure:
            # The id is all that this call takes: a request that Athena calls invalid has an id that it does not know.
            if failure.refused:
                raise NotFoundError(f"there is no query {query_id}") from failure
            raise


class _OneClient:
    """What PyAthena takes for a session: it would make a client of its own, which costs 70 ms and has other timeouts."""

    def __init__(self, athena: "AthenaClient") -> None:
        self._athena = athena

    def client(self, service: str, **_: Any) -> Any:
        return self._athena if service == "athena" else shared_client(service)


class _Wait:
    """Called after each look at a query that runs: waits ever longer, where PyAthena's own interval is fixed. `ended` is the last look at it."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self._sleep = sleep
        self._waits = _growing_waits()
        self.ended: AthenaQueryExecution | None = None

    def __call__(self, execution: Any) -> None:
        if execution.state in AthenaQueryExecution.TERMINAL_STATES:
            self.ended = execution
            return
        self._sleep(next(self._waits))


def _growing_waits() -> Iterator[float]:
    """Seconds between looks at a query: soon at first, because most are short, then ever longer."""
    seconds = FIRST_WAIT_SECONDS
    while True:
        yield seconds
        seconds = min(seconds * 1.25, LONGEST_WAIT_SECONDS)


class _AsText(Converter):
    """Leaves every value the text that Athena sent: rows go to clients as JSON, and what is counted is read where it is used."""

    def __init__(self) -> None:
        super().__init__(mappings={})

    def convert(self, type_: str, value: str | None, type_hint: str | None = None) -> str | None:
        return value


def _read(rows: Any) -> Iterator[ResultRow]:
    """The rows of a cursor or a result set; both ask for the next page when it is needed."""
    try:
        yield from rows
    except AthenaError as error:
        raise _refused(error) from error


def _query(execution: AthenaQueryExecution) -> Query:
    return Query(
        query_id=execution.query_id or "",
        state=cast(QueryState, (execution.state or "").lower()),
        reason=explained(execution.state_change_reason or "", execution.data_scanned_in_bytes or 0),
        bytes_scanned=execution.data_scanned_in_bytes or 0,
        result=execution.output_location or "",
        text=execution.query or "",
        manifest=execution.data_manifest_location or "",
    )


def _asked(call: Callable[..., Any], **arguments: Any) -> Any:
    """One call of Athena through boto3, its errors turned into ours. Throttling is waited out."""
    try:
        return retry_api_call(call, PATIENCE, **arguments)
    except (ClientError, BotoCoreError) as error:
        raise _refused(error) from error


def _refused(error: Exception) -> QueryFailedError:
    """What botocore raised, or PyAthena around it."""
    match error.__cause__ if isinstance(error, AthenaError) else error:
        case ClientError() as refusal:
            said = refusal.response.get("Error", {})
            invalid = said.get("Code") == "InvalidRequestException"
            return QueryFailedError(f"Athena refused {refusal.operation_name}: {said.get('Message', refusal)}", refused=invalid)
        case BotoCoreError() as unreachable:
            return QueryFailedError(f"Athena cannot be reached: {unreachable}")
    return QueryFailedError(f"Athena's answer cannot be read: {error}")


def _request_token(token: str, sql: str) -> str:
    """64 characters; Athena wants 32 to 128."""
    return hashlib.sha256(f"{token}\n{sql}".encode()).hexdigest()
