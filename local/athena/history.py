"""The part of Athena's API that tells which queries there were: their ids, the newest first, and fifty of them at a time.

https://docs.aws.amazon.com/athena/latest/APIReference/API_ListQueryExecutions.html and its neighbour BatchGetQueryExecution. moto lists ids in the
order of their making and on one page, and does not know the other.
"""

import json
from typing import Any, Final

from moto.athena.responses import AthenaResponse

from local.athena.pages import MAX_PAGE, paged
from local.athena.queries import InvalidRequestError, LocalExecution, description


def list_query_executions(self: AthenaResponse) -> str:
    group = self._get_param("WorkGroup") or "primary"
    return paged(self, "QueryExecutionIds", [*reversed(self.athena_backend.list_query_executions(group))])


def batch_get_query_execution(self: AthenaResponse) -> str:
    asked: list[str] = self._get_param("QueryExecutionIds")
    if not 1 <= len(asked) <= MAX_PAGE:
        raise InvalidRequestError(f"QueryExecutionIds must have 1 to {MAX_PAGE} items")
    known = [(query_id, self.athena_backend.executions.get(query_id)) for query_id in asked]
    found: list[Any] = [description(execution) for _, execution in known if isinstance(execution, LocalExecution)]
    missing = [{"QueryExecutionId": query_id} for query_id, execution in known if not isinstance(execution, LocalExecution)]
    return json.dumps({"QueryExecutions": found, "UnprocessedQueryExecutionIds": missing})


ANSWERS: Final = (list_query_executions, batch_get_query_execution)
"""Methods of moto's AthenaResponse, by their names."""
