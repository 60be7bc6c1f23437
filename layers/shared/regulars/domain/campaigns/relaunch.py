"""A launch after a run that failed goes on with it: whom that one reached gets nothing again (docs/decisions/0019). Rehearsals reach nobody."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.schedule import Occurrence
from regulars.domain.errors import LaunchedMeanwhileError, RunUnderWayError

RELAUNCH_WITHIN: Final = timedelta(days=3)
"""A later launch is a new message: it goes to everybody again. A week-end must fit in, and the next run of a weekly campaign must not."""


def continued(earlier: Iterable[Run], now: datetime, occurrence: Occurrence | None = None) -> tuple[str, ...]:
    """The ids of the runs that a launch at `now` goes on with, of the campaign's runs of before, the newest first: those that did not succeed since
    the last one that did, as far as they came to sending.

    An `occurrence` of the campaign's schedule is a message of its own: it goes on with nothing but runs of the same one, as a resumed one does.
    Raises RunUnderWayError while one is under way, or paused, or ends: what it sent last is not recorded yet.
    """
    found: list[str] = []
    for run in (each for each in earlier if each.sends):
        if not run.has_ended and not _side_by_side(run, occurrence):
            raise RunUnderWayError(f"run {run.run_id} of this campaign {_stands(run)}", run_id=run.run_id)
        if now - run.launched_at > RELAUNCH_WITHIN:
            break
        if occurrence and run.occurrence != occurrence.at:
            continue
        if run.state == "succeeded":
            break
        if run.manifest:
            found.append(run.run_id)
    return tuple(found)


def check_last(earlier: Iterable[Run], last: str) -> None:
    """Raises LaunchedMeanwhileError for a run that sends, or sent, and is newer than `last` (empty for none), of the campaign's runs of before, the
    newest first. One that ended before it came to sending is in nobody's way."""
    for run in earlier:
        if run.run_id == last:
            return
        if run.sends and (run.manifest or not run.has_ended):
            told = f"this campaign was launched at {run.launched_at:%H:%M:%S} UTC by {run.launched_by}, unseen by this launch: look at its runs again"
            raise LaunchedMeanwhileError(told, run_id=run.run_id)


def _stands(run: Run) -> str:
    if run.pause:
        return f"is paused: `regulars campaign resume {run.run_id}` goes on with it, `regulars campaign abort {run.run_id}` ends it"
    if run.error:
        return f"was told to end ({run.error.message}), and what it sent is being counted: launch again when it has ended"
    return (
        "is under way, and the two would send to the same people: launch again when it has ended "
        f"(if its execution was stopped, `regulars campaign resume {run.run_id}` goes on with it)"
    )


def _side_by_side(run: Run, occurrence: Occurrence | None) -> bool:
    """Whether the two may go at once: today's holds people back until their own hour, and yesterday's still waits for its last zones."""
    if occurrence is None or occurrence.local_time is None or run.local_time is None:
        return False
    return run.occurrence not in (None, occurrence.at)
