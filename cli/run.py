"""A campaign's run: started, waited for, and shown. Whatever happens while one waits, its id is never lost."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from .client import Document
from .command import Session
from .errors import CommandError
from .output import print_table

LONGEST_RUN_SECONDS = 24 * 3600.0
ENDED_WELL = "succeeded"
ENDED = frozenset({ENDED_WELL, "failed", "aborted"})


def await_end(session: Session, run_id: str) -> Document:
    """The run as it ended, well or not. Raises CommandError when we stop waiting: the run does not."""
    with _goes_on(run_id):
        return session.wait(
            f"run {run_id}",
            lambda: session.api.get("runs", run_id),
            lambda found: found["state"] in ENDED,
            patience=LONGEST_RUN_SECONDS,
            tell=lambda found: f"{found['state']} {_counted(found)}",
        )


@contextmanager
def _goes_on(run_id: str) -> Iterator[None]:
    advice = f"The run goes on: `regulars campaign status {run_id}` shows how far it is."
    try:
        yield
    except KeyboardInterrupt:
        raise CommandError(f"not waiting any more for run {run_id}.", code="interrupted", advice=advice, exit_code=130) from None
    except CommandError as error:
        raise CommandError(str(error), code=error.code, advice=advice) from None


def print_run(run: Document) -> None:
    """The state, then one row a count, and one a reason under it."""
    rehearsal = " (a rehearsal: nothing is sent)" if run.get("rehearsal") else ""
    print(f"run {run['run_id']}: {run['state']}{rehearsal}" + (f": {why(run)}" if run["state"] in ENDED - {ENDED_WELL} else ""))
    print_table(["outcome", "how many"], list(_rows(run.get("counts") or {})), right=["how many"])


def print_runs(runs: Iterable[Document]) -> None:
    columns = ("run_id", "campaign_id", "state", "launched_at", "audience", "sent")
    print_table(
        columns,
        [[*(run.get(name) for name in columns[:4]), *((run.get("counts") or {}).get(name) for name in columns[4:])] for run in runs],
        right=columns[4:],
    )


def why(run: Document) -> str:
    """Why a run failed, in words."""
    error = run.get("error") or {}
    return f"{error.get('message', 'no reason was recorded')} ({error.get('code', 'unknown')})"


def _counted(run: Document) -> str:
    return ", ".join(f"{value:,} {name}" for name, value in (run.get("counts") or {}).items() if isinstance(value, int))


def _rows(counts: Document) -> Iterator[tuple[str, int]]:
    for name, value in counts.items():
        if isinstance(value, dict):
            yield from ((f"{name}: {reason}", people) for reason, people in value.items())
        else:
            yield name, value
