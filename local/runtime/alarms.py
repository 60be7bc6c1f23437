"""CloudWatch's alarms, evaluated: moto 5.2.5 keeps them and never looks.

Each second the queues and executions are sampled and each alarm gets the state that its own periods, threshold and treatment of missing data give:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html. CloudWatch does so once a minute, on periods that begin on the
clock; these end now. A change is said on stderr and sent to the alarm's topics.
"""

import json
import operator
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import boto3
from moto.cloudwatch.models import Alarm, cloudwatch_backends
from moto.sqs.models import sqs_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from local.resources.model import Function
from local.resources.site import ACCOUNT, REGION
from local.runtime.isolation import process_stderr
from local.runtime.metrics import Metric, Metrics
from local.runtime.sqs_queue import StandardQueue

TICK_SECONDS = 1.0

_COMPARISONS: Final[Mapping[str, tuple[Callable[[float, float], bool], str]]] = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
_EXECUTIONS: Final = {
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "TIMED_OUT": "ExecutionsTimedOut",
    "ABORTED": "ExecutionsAborted",
}
_MISSING: Final = {"notBreaching": "OK", "breaching": "ALARM", "missing": "INSUFFICIENT_DATA"}


class Alarms:
    """Evaluates every alarm of moto's CloudWatch, by itself between `start` and `stop`."""

    def __init__(self, metrics: Metrics, clock: Callable[[], float] = time.time) -> None:
        self._metrics = metrics
        self._clock = clock
        self._seen: set[str] = set()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="alarms", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def invoked(self, function: Function, failed: bool) -> None:
        """A function ended: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"""
        for name, value in (("Invocations", 1.0), ("Errors", float(failed))):
            self._metrics.add("AWS/Lambda", name, {"FunctionName": function.name}, value, at=self._clock())

    def look(self) -> None:
        """Sample what only has a state, then evaluate."""
        now = self._clock()
        self._sample_queues(now)
        self._sample_executions(now)
        for alarm in list(cloudwatch_backends[ACCOUNT][REGION].alarms.values()):
            self._evaluate(alarm, now)

    def _run(self) -> None:
        while not self._stopping.wait(TICK_SECONDS):
            try:
                self.look()
            except Exception:  # one alarm that cannot be evaluated must not silence the others for good
                process_stderr().write(traceback.format_exc())

    def _sample_queues(self, now: float) -> None:
        for queue in list(sqs_backends[ACCOUNT][REGION].queues.values()):
            if isinstance(queue, StandardQueue):
                visible, delayed, in_flight = queue.depth
                for name, value in (("Visible", visible), ("Delayed", delayed), ("NotVisible", in_flight)):
                    self._metrics.add("AWS/SQS", f"ApproximateNumberOfMessages{name}", {"QueueName": queue.name}, value, at=now)

    def _sample_executions(self, now: float) -> None:
        for machine in stepfunctions_parser_backends[ACCOUNT][REGION].state_machines:
            for execution in list(machine.executions):
                name = _EXECUTIONS.get(execution.status)
                if name is not None and execution.execution_arn not in self._seen:
                    self._seen.add(execution.execution_arn)
                    self._metrics.add("AWS/States", name, {"StateMachineArn": machine.arn}, 1.0, at=now)

    def _evaluate(self, alarm: Alarm, now: float) -> None:
        points = self._points(alarm, now)
        present = [point for point in points if point is not None]
        breaching = [point for point in present if _COMPARISONS[alarm.comparison_operator][0](point, float(alarm.threshold))]
        treatment = alarm.treat_missing_data or "missing"
        missing = len(points) - len(present)
        wanted = alarm.datapoints_to_alarm or alarm.evaluation_periods
        if not present:
            state = _MISSING.get(treatment, alarm.state_value)
        else:
            state = "ALARM" if len(breaching) + (missing if treatment == "breaching" else 0) >= wanted else "OK"
        if state != alarm.state_value:
            self._change(alarm, state, _reason(alarm, state, points, present))

    def _points(self, alarm: Alarm, now: float) -> Sequence[float | None]:
        """One for each period, the newest first."""
        metric = Metric(alarm.namespace, alarm.metric_name, frozenset((each.name, each.value) for each in alarm.dimensions))
        period = float(alarm.period)
        ends = [now - period * number for number in range(alarm.evaluation_periods)]
        return [self._metrics.statistic(metric, alarm.statistic, start=end - period, end=end) for end in ends]

    def _change(self, alarm: Alarm, state: str, reason: str) -> None:
        before = alarm.state_value
        alarm.update_state(reason, "{}", state)
        if before == "INSUFFICIENT_DATA" and state == "OK":
            return
        process_stderr().write(f"[{alarm.name}] {state}: {reason}\n")
        actions = {"ALARM": alarm.alarm_actions, "OK": alarm.ok_actions}.get(state, alarm.insufficient_data_actions)
        message = {"AlarmName": alarm.name, "AlarmDescription": alarm.description, "NewStateValue": state, "NewStateReason": reason}
        for topic in (actions or ()) if alarm.actions_enabled else ():
            boto3.client("sns", region_name=REGION).publish(TopicArn=topic, Subject=f"{state}: {alarm.name}"[:100], Message=json.dumps(message))


def _reason(alarm: Alarm, state: str, points: Sequence[float | None], present: Sequence[float]) -> str:
    """As CloudWatch words it."""
    if not present:
        return f"No datapoints were received for {len(points)} period(s), treated as {alarm.treat_missing_data or 'missing'}."
    values = ", ".join(f"{point:g}" for point in present)
    was = f"{'was' if state == 'ALARM' else 'was not'} {_COMPARISONS[alarm.comparison_operator][1]}"
    return f"Threshold Crossed: {len(present)} datapoint(s) [{values}] {was} the threshold ({float(alarm.threshold):g})."
