"""Changing a run that others change at the same time."""

from collections.abc import Callable
from contextlib import suppress

from regulars.domain.campaigns.run import Run
from regulars.domain.errors import ConflictError
from regulars.ports import RunStore

_TRIES = 5
"""A run is written a dozen times in its life: whoever loses so often in a row has met something else."""


def change_run(run_id: str, change: Callable[[Run], Run], *, runs: RunStore) -> Run:
    """The run after `change`, which is made of what somebody else wrote where they were first; nothing is written where it changes nothing.

    Raises what `change` does, NotFoundError, StoreUnavailableError; ConflictError where others were first again and again.
    """
    for _ in range(_TRIES):
        stored = runs.get(run_id)
        changed = change(stored.value)
        if changed == stored.value:
            return changed
        with suppress(ConflictError):
            runs.put(changed, expected=stored.version)
            return changed
    raise ConflictError(f"run {run_id} is being changed by others: ask again")
