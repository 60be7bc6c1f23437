"""The `QueryHistory` on Athena, which keeps it for 45 days: https://docs.aws.amazon.com/athena/latest/APIReference/API_ListQueryExecutions.html"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from pyathena.util import retry_api_call

from regulars.adapters.athena_queries import PATIENCE
from regulars.adapters.aws import client
from regulars.domain.costs import Statement
from regulars.domain.errors import StoreUnavailableError

PAGE: Final = 50
"""The most of one answer, and of one question after them."""


class AthenaHistory:
    """Of one work group."""

    def __init__(self, work_group: str) -> None:
        self._work_group = work_group

    def statements(self) -> Iterator[Statement]:
        athena, token = client("athena"), ""
        while True:
            page = _asked(athena.list_query_executions, WorkGroup=self._work_group, MaxResults=PAGE, **({"NextToken": token} if token else {}))
            if ids := page["QueryExecutionIds"]:
                found = _asked(athena.batch_get_query_execution, QueryExecutionIds=ids)["QueryExecutions"]
                yield from sorted(map(_statement, found), key=lambda each: each.at, reverse=True)
            if not (token := page.get("NextToken", "")):
                return


def _asked(call: Callable[..., Any], **arguments: Any) -> Any:
    """Athena takes five lists a second (https://docs.aws.amazon.com/athena/latest/ug/service-limits.html#service-limits-api-calls): patiently."""
    try:
        return retry_api_call(call, PATIENCE, **arguments)
    except (BotoCoreError, ClientError) as error:
        raise StoreUnavailableError(f"Athena does not tell which queries there were: {error}") from error


def _statement(execution: Mapping[str, Any]) -> Statement:
    return Statement(
        at=execution["Status"]["SubmissionDateTime"].astimezone(UTC),
        verb=execution["Query"].split(None, 1)[0].upper(),
        kind=execution.get("StatementType", ""),
        state=execution["Status"]["State"].lower(),
        bytes_scanned=execution.get("Statistics", {}).get("DataScannedInBytes", 0),
    )
