"""Amazon EventBridge Scheduler: fires schedules when they are due."""

import json
import threading
import traceback
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from local.resources.model import Schedule
from local.runtime.isolation import process_stderr
from local.runtime.schedule_expressions import next_time

TICK_SECONDS = 0.2


def system_clock() -> datetime:
    return datetime.now(UTC)


class Scheduler:
    """Calls `fire(schedule, due)` when the clock has reached a due time. Times missed in between (a laptop that
    slept) fire once.

    Raises BadExpressionError at once for an expression that it cannot honour. A rate counts from now.
    """

    def __init__(
        self,
        schedules: Iterable[Schedule],
        fire: Callable[[Schedule, datetime], None],
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        self._fire = fire
        self._clock = clock
        now = clock()
        self._due = [(schedule, next_time(schedule.expression, schedule.timezone, now)) for schedule in schedules if schedule.enabled]
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look at the clock in a thread until `stop`."""
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def fire_due(self) -> None:
        """Fire what is due now."""
        now = self._clock()
        for index, (schedule, due) in enumerate(self._due):
            if due is not None and due <= now:
                self._due[index] = (schedule, next_time(schedule.expression, schedule.timezone, now))
                self._fire(schedule, due)

    def _run(self) -> None:
        while not self._stopping.wait(TICK_SECONDS):
            try:
                self.fire_due()
            except Exception:
                # One schedule that cannot fire must not silence the others.
                process_stderr().write(traceback.format_exc())


def target_input(schedule: Schedule, due: datetime) -> str:
    """The JSON that the target gets: scheduler/latest/UserGuide/managing-schedule-context-attributes.html"""
    moment = due.strftime("%Y-%m-%dT%H:%M:%SZ")
    arn = f"arn:aws:scheduler:us-east-1:123456789012:schedule/default/{schedule.name}"
    execution = str(uuid.uuid4())
    if schedule.input is not None:
        attributes = {"schedule-arn": arn, "scheduled-time": moment, "execution-id": execution, "attempt-number": "1"}
        text = schedule.input
        for name, value in attributes.items():
            text = text.replace(f"<aws.scheduler.{name}>", value)
        return text
    return json.dumps(
        {
            "version": "0",
            "id": execution,
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": "123456789012",
            "time": moment,
            "region": "us-east-1",
            "resources": [arn],
            "detail": "{}",
        }
    )
