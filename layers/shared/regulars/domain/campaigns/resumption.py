"""Going on with a run that was paused or came to a halt: by itself while it has not ended, and after that as another run."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.campaigns.control import resumable_until
from regulars.domain.campaigns.duration import message_life
from regulars.domain.campaigns.execution import Execution, orphaned_by
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.relaunch import RELAUNCH_WITHIN
from regulars.domain.campaigns.run import Run
from regulars.domain.errors import ConflictError

_DAYS: Final = RELAUNCH_WITHIN.days

SHORT_PAUSE: Final = timedelta(minutes=5)
"""After so long nobody is asked whether the message is still of use, however short its `ttl` is."""


def resumed(run: Run, newest: Execution, now: datetime) -> Run:
    """A run that has not ended, going on in the execution after its `newest`: in that one, if it never began.

    What `sweep` told it to stop for, that its execution had ended, is taken back. Raises ConflictError where nothing keeps it from going on, and for
    a run that was told to end.
    """
    number = run.executions if newest.state == "missing" else run.executions + 1
    if run.pause:
        return run.resumed(number, now)
    halted = orphaned_by(newest)
    if halted is None and run.error is None:
        raise ConflictError(f"run {run.run_id} goes on by itself: its execution is running")
    if run.error not in (None, halted):
        raise ConflictError(f"run {run.run_id} was told to stop ({run.error.message}): resume it when it has ended, within the hour")
    return run.resumed(number, now)


def check_pause(run: Run, now: datetime, *, late: bool) -> None:
    """Raises ConflictError for a paused run that is resumed too late: at all, or for its message, unless it may be `late`."""
    if run.pause is None:
        return
    if now > resumable_until(run):
        raise ConflictError(f"run {run.run_id} was launched more than {_DAYS} days ago, and its message is no news any more: abort it")
    life = message_life(variant.push for variant in parse_campaign(run.campaign.document).variants)
    if life is None or late or now - run.pause.at <= max(life, SHORT_PAUSE):
        return
    raise ConflictError(
        f"run {run.run_id} was paused for longer than its message lives (`ttl`: {life.total_seconds():,.0f} s): "
        f"`regulars campaign resume {run.run_id} --late` sends it all the same, `regulars campaign abort {run.run_id}` ends it"
    )


def check_relaunch(ended: Run, runs: Iterable[Run], now: datetime) -> None:
    """Raises ConflictError unless a launch at `now` goes on with `ended`, which has; `runs` are those of its campaign, the newest first."""
    again = f"`regulars campaign launch {ended.campaign.id}` sends to everybody again"
    if ended.state == "succeeded":
        raise ConflictError(f"run {ended.run_id} has succeeded: nobody is left to send to ({again})")
    newest = next((run for run in runs if _in_line(run, ended)), ended)
    if newest.run_id != ended.run_id:
        raise ConflictError(f"run {newest.run_id} of this campaign came after run {ended.run_id}, and is {newest.state}: {_instead(newest, again)}")
    if now - ended.launched_at > RELAUNCH_WITHIN:
        raise ConflictError(f"run {ended.run_id} was launched more than {_DAYS} days ago, and its message is no news any more: {again}")


def _in_line(run: Run, ended: Run) -> bool:
    """Whether the run is `ended` or, where it came later, took its place.

    An occurrence is a message of its own, and none of another takes its place; one launched by hand may have been meant to. Between the two, what
    never came to sending, such as a missed occurrence, takes nobody's.
    """
    if run.sends != ended.sends:
        return False
    if run.occurrence == ended.occurrence:
        return True
    by_hand = run.occurrence is None or ended.occurrence is None
    return by_hand and not (run.has_ended and run.plan is None)


def _instead(newest: Run, again: str) -> str:
    return again if newest.state == "succeeded" else f"`regulars campaign resume {newest.run_id}` goes on with it if it came to a halt"
