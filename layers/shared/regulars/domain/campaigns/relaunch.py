"""A launch after a run that failed goes on with it: whom that one reached gets nothing again (docs/decisions/0019). Rehearsals reach nobody."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.campaigns.run import Run
from regulars.domain.errors import RunUnderWayError

RELAUNCH_WITHIN: Final = timedelta(days=3)
"""A later launch is a new message: it goes to everybody again. A week-end must fit in, and the next run of a weekly campaign must not."""


def continued(earlier: Iterable[Run], now: datetime) -> tuple[str, ...]:
    """The ids of the runs that a launch at `now` goes on with, of the campaign's runs of before, the newest first: those that did not succeed since
    the last one that did, as far as they came to sending.

    Raises RunUnderWayError while one is under way.
    """
    found: list[str] = []
    for run in (each for each in earlier if each.sends):
        if run.goes_on:
            raise RunUnderWayError(
                f"run {run.run_id} of this campaign is under way, and the two would send to the same people: launch again when it has ended "
                f"(if its execution was stopped, `regulars campaign resume {run.run_id}` goes on with it)",
                run_id=run.run_id,
            )
        if run.state == "succeeded" or now - run.launched_at > RELAUNCH_WITHIN:
            break
        if run.manifest:
            found.append(run.run_id)
    return tuple(found)
