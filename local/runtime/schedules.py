"""Amazon EventBridge Scheduler: fires schedules when they are due."""

import json
import re
import threading
import traceback
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from local.resources.model import Schedule
from local.runtime.isolation import process_stderr
from local.runtime.schedule_expressions import interval, next_time

TICK_SECONDS = 0.2


def system_clock() -> datetime:
    return datetime.now(UTC)


def _nothing(schedule: Schedule) -> None:
    """For whoever does not want to hear."""


class Scheduler:
    """Calls `fire(schedule, due)` when the clock has reached a due time of one of the `schedules` that are there then. Times missed in between (a
    laptop that slept) fire once.

    Raises BadExpressionError at once for an expression that it cannot honour. A rate counts from its start, or from when it is first seen. `seen`
    hears of each new schedule, and `over` of one that will fire no more.
    """

    def __init__(
        self,
        schedules: Callable[[], Iterable[Schedule]],
        fire: Callable[[Schedule, datetime], None],
        clock: Callable[[], datetime] = system_clock,
        *,
        seen: Callable[[Schedule], None] = _nothing,
        over: Callable[[Schedule], None] = _nothing,
    ) -> None:
        self._schedules = schedules
        self._fire = fire
        self._clock = clock
        self._seen, self._over = seen, over
        self._due: dict[Schedule, datetime | None] = {}
        self._look(clock())
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
        self._look(now)
        for schedule, due in list(self._due.items()):
            if due is not None and due <= now:
                self._due[schedule] = following(schedule, now)
                self._fire(schedule, due)
                if self._due[schedule] is None:
                    self._over(schedule)

    def _look(self, now: datetime) -> None:
        """Learns which there are. One with a bad expression is told of once, and never due."""
        there = [schedule for schedule in self._schedules() if schedule.enabled]
        self._due = {schedule: due for schedule, due in self._due.items() if schedule in there}
        for schedule in there:
            if schedule not in self._due:
                self._due[schedule] = None
                self._seen(schedule)
                self._due[schedule] = following(schedule, now)

    def _run(self) -> None:
        while not self._stopping.wait(TICK_SECONDS):
            try:
                self.fire_due()
            except Exception:
                # One schedule that cannot fire must not silence the others.
                process_stderr().write(traceback.format_exc())


def following(schedule: Schedule, after: datetime) -> datetime | None:
    """When it is due next, later than `after`."""
    start = schedule.starts
    rate = re.fullmatch(r"rate\((.*)\)", schedule.expression.strip())
    if start and rate:
        every = interval(rate[1])
        due: datetime | None = start if start > after else start + every * ((after - start) // every + 1)
    else:
        due = next_time(schedule.expression, schedule.timezone, max(after, start) if start else after)
    return None if due and schedule.ends and due >= schedule.ends else due


def target_input(schedule: Schedule, due: datetime) -> str:
    """The JSON that the target gets: scheduler/latest/UserGuide/managing-schedule-context-attributes.html"""
    moment = due.strftime("%Y-%m-%dT%H:%M:%SZ")
    arn = f"arn:aws:scheduler:us-east-1:123456789012:schedule/{schedule.group}/{schedule.name}"
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
