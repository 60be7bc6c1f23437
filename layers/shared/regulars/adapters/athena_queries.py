"""Athena as the `QueryEngine`: start, look, read, wait.

API reference: https://docs.aws.amazon.com/athena/latest/APIReference/Welcome.html
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client as shared_client
from regulars.domain.errors import InvalidRequestError, NotFoundError, QueryFailedError
from regulars.domain.queries import Query, QueryState, ResultRow

if TYPE_CHECKING:
    from types_boto3_athena import AthenaClient
    from types_boto3_athena.type_defs import GetQueryResultsOutputTypeDef

FIRST_WAIT_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 2.0
THROTTLE_WAITS_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
PAGE_LIMIT = 1000
"""GetQueryResults gives at most this many rows, its header row among them (API reference, MaxResults)."""


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
        answer = self._asked(
            self._athena.start_query_execution,
            QueryString=sql,
            QueryExecutionContext={"Database": self._database},
            WorkGroup=self._work_group,
            **idempotency,
        )
        return cast(str, answer["QueryExecutionId"])

    def look(self, query_id: str) -> Query:
        """The query as it stands. Raises NotFoundError where Athena knows no such id."""
        try:
            answer = self._asked(self._athena.get_query_execution, QueryExecutionId=query_id)
        except QueryFailedError as failure:
            # The id is all that this call takes: a request that Athena calls invalid has an id that it does not know.
            if _error_code(failure.__cause__) == "InvalidRequestException":
                raise NotFoundError(f"there is no query {query_id}") from failure
            raise
        execution = answer["QueryExecution"]
        status, statistics = execution["Status"], execution.get("Statistics", {})
        return Query(
            query_id=query_id,
            state=cast(QueryState, status["State"].lower()),
            reason=status.get("StateChangeReason", ""),
            bytes_scanned=statistics.get("DataScannedInBytes", 0),
            manifest=statistics.get("DataManifestLocation", ""),
        )

    def rows(self, query_id: str, *, page: str = "", size: int = PAGE_LIMIT) -> tuple[Sequence[ResultRow], str]:
        """One page, of at most `size` rows, of a finished SELECT and the name of the next page ("" at the end).

        The first page starts with a row of column names, which is dropped here:
        https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
        """
        asked_for: dict[str, Any] = {"QueryExecutionId": query_id}
        asked_for["MaxResults"] = min(size if page else size + 1, PAGE_LIMIT)
        if page:
            asked_for["NextToken"] = page
        try:
            answer = cast("GetQueryResultsOutputTypeDef", self._asked(self._athena.get_query_results, **asked_for))
        except QueryFailedError as failure:
            if _error_code(failure.__cause__) != "InvalidRequestException":
                raise
            if page:
                raise InvalidRequestError("is not the name of a page of this result: bring what `next` said", field="page") from failure
            raise NotFoundError(f"there is no result of a query {query_id}") from failure
        names = [column["Name"] for column in answer["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]
        found = [[value.get("VarCharValue") for value in row["Data"]] for row in answer["ResultSet"]["Rows"]]
        data = found if page else found[1:]
        return [dict(zip(names, row, strict=True)) for row in data], answer.get("NextToken", "")

    def wait(self, query_id: str, *, within: timedelta) -> Query:
        """The query when it is over, or as it stands after so long. Raises NotFoundError where Athena knows no such id."""
        wait, left = FIRST_WAIT_SECONDS, within.total_seconds()
        while not (query := self.look(query_id)).is_over and left > 0:
            self._sleep(wait)
            left -= wait
            wait = min(wait * 1.25, LONGEST_WAIT_SECONDS)
        return query

    def run(self, sql: str) -> Query:
        """Starts and waits. Raises QueryFailedError with Athena's reason if it did not succeed."""
        query_id = self.start(sql)
        query = self.wait(query_id, within=timedelta.max)
        if query.state != "succeeded":
            raise QueryFailedError(f"query {query_id} {query.state}: {query.reason or 'Athena gave no reason'}")
        return query

    def all_rows(self, sql: str) -> Iterator[ResultRow]:
        """Runs a SELECT and gives its rows."""
        return self.fetched(self.run(sql).query_id)

    def fetched(self, query_id: str) -> Iterator[ResultRow]:
        """Every row of a finished SELECT, page by page."""
        page = ""
        while True:
            rows, page = self.rows(query_id, page=page)
            yield from rows
            if not page:
                return

    def _asked(self, call: Callable[..., Any], **arguments: Any) -> Any:
        """One call of Athena, its errors turned into ours. Throttling is waited out for a quarter of a minute.

        Athena allows few calls a second to an account, and everything else there may be calling too:
        https://docs.aws.amazon.com/athena/latest/ug/service-limits.html#service-limits-api-calls
        """
        for wait in (*THROTTLE_WAITS_SECONDS, None):
            try:
                return call(**arguments)
            except ClientError as error:
                if wait is None or _error_code(error) != "TooManyRequestsException":
                    message = error.response.get("Error", {}).get("Message", str(error))
                    raise QueryFailedError(f"Athena refused {error.operation_name}: {message}") from error
                self._sleep(wait)
            except BotoCoreError as error:
                raise QueryFailedError(f"Athena cannot be reached: {error}") from error
        raise AssertionError("the last try returns or raises")


def _request_token(token: str, sql: str) -> str:
    """64 characters; Athena wants 32 to 128."""
    return hashlib.sha256(f"{token}\n{sql}".encode()).hexdigest()


def _error_code(error: BaseException | None) -> str:
    return error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
