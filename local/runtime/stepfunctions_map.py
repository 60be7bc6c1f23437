"""moto's distributed Map, taught to fail.

moto 5.2.5 counts the children that fail and does nothing about them (MapRunRecord: "TODO: add support for failure toleration fields").
On AWS the map fails with States.ExceedToleratedFailureThreshold once more items failed than are tolerated, which is none unless the state
says otherwise; items that have not begun never do, and children that run are ended:
https://docs.aws.amazon.com/step-functions/latest/dg/maprun-fail-threshold.html
"""

from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType, MapRunFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.distributed_iteration_component import DistributedIterationComponent
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor import distributed_item_processor
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor.distributed_item_processor_worker import (
    DistributedItemProcessorWorker,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager

from local.iam.requests import AccessDeniedError
from local.runtime import stepfunctions_role
from local.runtime.corrections import replace, require_moto

CAUSE = "The specified tolerated failure threshold was exceeded"


class CountingWorker(DistributedItemProcessorWorker):
    """Takes one item after the other, until too many have failed."""

    def _eval_job(self, env: Any, job: Any) -> None:
        if self._job_pool.get_worker_exception() is not None or not self._env.is_running():
            return  # another worker's child was one too many after this one had taken its item
        env.event_manager = EventManager()  # a child is an execution of its own, with its own history
        super()._eval_job(env, job)
        if exceeds(self._map_run_record, items=self._job_pool._jobs_number):
            job.job_output = _failure(self._env)  # an exception as output is how a job tells its pool to fail


def exceeds(record: Any, *, items: int) -> bool:
    """Whether more of a map run's `items` failed than it tolerates. moto has 0 for a threshold that the state does not give."""
    failed = record.item_counter.failed.get() + record.item_counter.timed_out.get()
    count, percentage = record.tolerated_failure_count, record.tolerated_failure_percentage
    if not count and not percentage:
        return bool(failed)
    return bool((count and failed > count) or (percentage and failed * 100 > percentage * items))


def install() -> None:
    """Correct moto in this process. Idempotent; raises WrongMotoVersionError."""
    require_moto("Step Functions")
    if distributed_item_processor.DistributedItemProcessorWorker is CountingWorker:
        return
    replace(distributed_item_processor, "DistributedItemProcessorWorker", CountingWorker)
    stock_map_run = DistributedIterationComponent._map_run

    def map_run(self: Any, env: Any, eval_input: Any) -> None:
        try:
            stepfunctions_role.require_children(env.states.context_object.context_object_data["StateMachine"]["Id"])
        except AccessDeniedError as error:
            raise _refused(env, error) from error
        try:
            stock_map_run(self, env, eval_input)
        except FailureEventException:
            for child in list(env._frames):
                child.set_stop(stop_date=datetime.now(UTC), cause=None, error=None)
            raise

    replace(DistributedIterationComponent, "_map_run", map_run)


def _failure(env: Any) -> FailureEventException:
    return _failed(env, StatesErrorNameType.StatesExceedToleratedFailureThreshold, CAUSE)


def _refused(env: Any, error: AccessDeniedError) -> FailureEventException:
    """https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html: States.Permissions"""
    return _failed(env, StatesErrorNameType.StatesPermissions, str(error))


def _failed(env: Any, kind: StatesErrorNameType, cause: str) -> FailureEventException:
    name = StatesErrorName(typ=kind)
    details = EventDetails(mapRunFailedEventDetails=MapRunFailedEventDetails(error=name.error_name, cause=cause))
    return FailureEventException(FailureEvent(env=env, error_name=name, event_type=HistoryEventType.MapStateFailed, event_details=details))
