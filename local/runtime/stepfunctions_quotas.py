"""Step Functions' quotas, of which moto 5.2.5 knows a part, and the errors that no wildcard catches.

* 256 KiB, in UTF-8 bytes of the JSON, for what a state is entered with, what a task is given and gives, the whole result of a map or of parallel
  branches, and the input of an execution: docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html. moto looks at tasks' results and states'
  outputs only, one byte too early, and counts an escape in place of each letter that is not ASCII.
* `States.ALL` catches neither States.DataLimitExceeded nor States.Runtime: docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html.
  The former may be named; the latter always ends the execution. moto catches both.
* 25,000 events of history end an execution; each child of a distributed map has a history of its own, which moto joins into one.
* Names of executions, and the size of definitions (1 MiB): docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from moto.stepfunctions.exceptions import ValidationException
from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl import ErrorEqualsDecl
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state import state as any_state
from moto.stepfunctions.parser.asl.component.state.exec.state_map.state_map import StateMap
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.state_parallel import StateParallel
from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_lambda
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task import StateTask
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_lambda import StateTaskLambda
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.utils.encoding import _DateTimeEncoder
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.parser.utils import TMP_THREADS

from local.runtime.corrections import replace, require_moto

MAX_DATA_BYTES: Final = 262_144
MAX_DEFINITION_CHARACTERS: Final = 1_048_576
MAX_EVENTS: Final = 25_000

_ENDS: Final = (
    HistoryEventType.ExecutionFailed,
    HistoryEventType.ExecutionAborted,
    HistoryEventType.ExecutionTimedOut,
    HistoryEventType.ExecutionSucceeded,
)


def install() -> None:
    """Correct moto in this process. Idempotent; raises WrongMotoVersionError."""
    require_moto("Step Functions")
    if any_state.is_within_size_quota is fits:
        return
    for module in (any_state, state_task_lambda, state_task_service):
        replace(module, "is_within_size_quota", fits)
    _check_what_states_are_given()
    _check_joint_results()
    _limit_histories()
    replace(ErrorEqualsDecl, "_eval_body", _matches)
    replace(StepFunctionsParserBackend, "start_execution", _checked_start(StepFunctionsParserBackend.start_execution))
    replace(StepFunctionsParserBackend, "_validate_definition", _checked_definition(StepFunctionsParserBackend._validate_definition))


def fits(value: Any) -> bool:
    """Whether a value, or the JSON text of one, may pass from one state to the next."""
    text = value if isinstance(value, str) else json.dumps(value, cls=_DateTimeEncoder, separators=(",", ":"), ensure_ascii=False)
    return len(text.encode("utf-8", "surrogatepass")) <= MAX_DATA_BYTES


def _check_what_states_are_given() -> None:
    stock_body = any_state.CommonStateField._eval_body

    def eval_body(self: Any, env: Any) -> None:
        self._verify_size_quota(env=env, value=env.states.get_input())
        stock_body(self, env)

    replace(any_state.CommonStateField, "_eval_body", eval_body)
    for kind in (StateTask, StateTaskLambda):
        replace(kind, "_eval_parameters", _checked_parameters(kind._eval_parameters))


def _checked_parameters(stock: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(stock)
    def eval_parameters(self: Any, env: Any) -> Any:
        parameters = stock(self, env)
        self._verify_size_quota(env=env, value=parameters)
        return parameters

    return eval_parameters


def _check_joint_results() -> None:
    """What all children gave, before ResultSelector and ResultPath choose from it; with a ResultWriter that is where the results lie."""
    for kind in (StateMap, StateParallel):
        replace(kind, "_eval_execution", _checked_result(kind._eval_execution))


def _checked_result(stock: Callable[..., None]) -> Callable[..., None]:
    @wraps(stock)
    def eval_execution(self: Any, env: Any) -> None:
        stock(self, env)
        if env.stack:
            self._verify_size_quota(env=env, value=env.stack[-1])

    return eval_execution


def _matches(self: Any, env: Any) -> None:
    """moto's ErrorEqualsDecl._eval_body, with the errors that wildcards leave alone."""
    error = env.stack.pop()
    kind = error.typ if isinstance(error, StatesErrorName) else None
    match kind:
        case StatesErrorNameType.StatesRuntime:
            matches = False
        case StatesErrorNameType.StatesStatesDataLimitExceeded:
            matches = error in self.error_names
        case _:
            wildcard = self._STATE_TASK_ERROR in self.error_names and kind is None
            matches = self._STATE_ALL_ERROR in self.error_names or wildcard or error in self.error_names
    env.stack.append(matches)


def _limit_histories() -> None:
    stock_add = EventManager.add_event

    def add_event(self: Any, context: Any, event_type: Any, *rest: Any, **named: Any) -> int:
        if self._event_id_gen._next_id >= MAX_EVENTS and event_type not in _ENDS:
            raise _too_many_events()
        number: int = stock_add(self, context, event_type, *rest, **named)
        return number

    replace(EventManager, "add_event", add_event)


class HistoryFullError(RuntimeError):
    """moto makes States.Runtime of what it does not know, as AWS does of this."""


def _too_many_events() -> HistoryFullError:
    return HistoryFullError(f"The execution reached the maximum number of history events ({MAX_EVENTS}).")


def _checked_start(stock: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(stock)
    def start_execution(
        self: Any, state_machine_arn: str, name: str | None = None, execution_input: str | None = None, trace_header: str | None = None
    ) -> Any:
        name = name or str(uuid.uuid4())
        self._validate_name(name)
        if execution_input is not None and not fits(execution_input):
            raise ValidationException(_too_long("input", MAX_DATA_BYTES))
        TMP_THREADS[:] = [thread for thread in TMP_THREADS if thread.is_alive()]  # moto keeps them all
        return stock(self, state_machine_arn, name, execution_input, trace_header)

    return start_execution


def _checked_definition(stock: Callable[[str], None]) -> Any:
    def validate(definition: str) -> None:
        if len(definition) > MAX_DEFINITION_CHARACTERS:
            raise ValidationException(_too_long("definition", MAX_DEFINITION_CHARACTERS))
        stock(definition)

    return staticmethod(validate)


def _too_long(name: str, limit: int) -> str:
    return f"1 validation error detected: Value at '{name}' failed to satisfy constraint: Member must have length less than or equal to {limit}"
