"""moto's Step Functions, taught what our state machine needs: Athena by .sync, maps that fail, clients made once, and silence.

* moto 5.2.5 refuses `athena:startQueryExecution` (state_task_service_unsupported.py). Here it runs, and by .sync it
  waits for the query: step-functions/latest/dg/connect-athena.html. A query that ends FAILED or CANCELLED raises
  States.TaskFailed with the query as cause; one that Athena refuses at once raises `Athena.<code>` (seen on AWS:
  github.com/aws/aws-cdk/issues/16133).
* A distributed Map fails when too many of its children have: stepfunctions_map.py.
* Sizes, names and histories are limited as on AWS: stepfunctions_quotas.py.
* A ResultWriter writes results: stepfunctions_results.py.
* moto reads a state machine's text at each of its executions, which takes longer than a small one: here once a text.
* moto makes a new boto3 client for each Lambda task, which is most of a task's time; boto3 clients may be shared by
  threads.
* moto logs a line for each failed state although retrying and catching are a state machine's daily work.
"""

import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import ExecutionStatus, HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils, state_task_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
from moto.stepfunctions.parser.asl.utils.boto_client import boto_client_for
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from local.runtime import stepfunctions_map, stepfunctions_quotas, stepfunctions_results, stepfunctions_role, stepfunctions_stop
from local.runtime.corrections import replace, require_moto

POLL_SECONDS = 0.02

_UNFINISHED = ("QUEUED", "RUNNING")


class AthenaTask(StateTaskServiceCallback):
    """The optimized integration with Athena, for `startQueryExecution` with and without `.sync`."""

    def __init__(self) -> None:
        super().__init__(supported_integration_patterns={ResourceCondition.Sync})

    def _get_supported_parameters(self) -> set[str]:
        return {
            "ClientRequestToken",
            "ExecutionParameters",
            "QueryExecutionContext",
            "QueryString",
            "ResultConfiguration",
            "ResultReuseConfiguration",
            "WorkGroup",
        }

    def _eval_service_task(self, env: Any, resource_runtime_part: Any, normalised_parameters: dict[str, Any], state_credentials: Any) -> None:
        if self.resource.api_action != "startQueryExecution":
            raise RuntimeError(f"the local cloud knows athena:startQueryExecution, not athena:{self.resource.api_action}")
        athena = shared_client(resource_runtime_part.region, "athena")
        answer = athena.start_query_execution(**normalised_parameters)
        env.stack.append({"QueryExecutionId": answer["QueryExecutionId"]})

    def _eval_integration_pattern(self, env: Any, resource_runtime_part: Any, normalised_parameters: dict[str, Any], state_credentials: Any) -> None:
        athena = shared_client(resource_runtime_part.region, "athena")
        query_id = env.stack.pop()["QueryExecutionId"]
        while True:
            # Through JSON, which the state's output has to be: the client's answer holds datetimes.
            answer = athena.get_query_execution(QueryExecutionId=query_id)
            query = json.loads(to_json_str(answer["QueryExecution"]))
            if query["Status"]["State"] not in _UNFINISHED:
                break
            if not env.is_running():  # timed out or stopped: Step Functions then tries to stop the job, too
                athena.stop_query_execution(QueryExecutionId=query_id)
                break
            time.sleep(POLL_SECONDS)
        if query["Status"]["State"] != "SUCCEEDED":
            name = StatesErrorName(typ=StatesErrorNameType.StatesTaskFailed)
            raise FailureEventException(self._failure(env, name, to_json_str(query)))
        env.stack.append({"QueryExecution": query})

    def _from_error(self, env: Any, ex: Exception) -> FailureEvent:
        if isinstance(ex, ClientError):
            error, answer = ex.response["Error"], ex.response["ResponseMetadata"]
            cause = (
                f"{error['Message']} (Service: AmazonAthena; Status Code: {answer['HTTPStatusCode']}; "
                f"Error Code: {error['Code']}; Request ID: {answer.get('RequestId')}; Proxy: null)"
            )
            return self._failure(env, CustomErrorName(f"Athena.{error['Code']}"), cause)
        return super()._from_error(env=env, ex=ex)

    def _failure(self, env: Any, name: Any, cause: str) -> FailureEvent:
        details = TaskFailedEventDetails(
            error=name.error_name,
            cause=cause,
            resource=self._get_sfn_resource(),
            resourceType=self._get_sfn_resource_type(),
        )
        return FailureEvent(
            env=env,
            error_name=name,
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )


@lru_cache
def shared_client(region: str, service: str) -> Any:
    """moto's own client for tasks, made once a service."""
    return boto_client_for(region=region, service=service)


def install() -> None:
    """Correct moto in this process. Idempotent; raises WrongMotoVersionError."""
    require_moto("Step Functions")
    stepfunctions_map.install()
    stepfunctions_quotas.install()
    stepfunctions_results.install()
    stepfunctions_role.install()
    stepfunctions_stop.install()
    logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)
    stock_service_for = state_task_factory.state_task_service_for
    if stock_service_for.__module__ == __name__:
        return

    def service_for(service_name: str) -> Any:
        return AthenaTask() if service_name == "athena" else stock_service_for(service_name)

    replace(state_task_factory, "state_task_service_for", service_for)

    def client_for(region: str, service: str, state_credentials: Any = None) -> Any:
        return shared_client(region, service)

    replace(lambda_eval_utils, "boto_client_for", client_for)
    replace(AmazonStateLanguageParser, "parse", staticmethod(_read_once(AmazonStateLanguageParser.parse)))


def _read_once(stock: Callable[[str], tuple[Any, Any]]) -> Callable[[str], tuple[Any, Any]]:
    """The syntax tree is kept. What is made of it has a state of its own, so each execution gets another."""
    tree_of = lru_cache(maxsize=16)(lambda definition: stock(definition)[1])

    def parse(definition: str) -> tuple[Any, Any]:
        tree = tree_of(definition)
        return Preprocessor().visit(tree), tree

    return parse


def stop_executions(patience: float = 0.0) -> None:
    """Let running executions end for `patience` seconds, then stop them, so that their threads end with the task that they are at."""
    deadline = time.monotonic() + patience
    while (running := _running()) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    for execution in running:
        execution.stop(stop_date=datetime.now(UTC), error="", cause="")


def _running() -> list[Any]:
    backends = [backend for regions in list(stepfunctions_parser_backends.values()) for backend in list(regions.values())]
    return [execution for backend in backends for execution in backend._get_executions(ExecutionStatus.RUNNING)]
