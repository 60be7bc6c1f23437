"""A campaign's run: started, waited for, and shown. Whatever happens while one waits, its id is never lost."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from .client import Document
from .command import Session
from .errors import CommandError
from .occurrences import shown
from .output import print_table
from .polling import poll
from .run_bar import pace, run_bar, waiting

PATIENCE_SECONDS = 7 * 24 * 3600.0
"""Longer than a run may take, and a pause in it."""

ENDED_WELL = "succeeded"
MISSED = "missed"
ENDED = frozenset({ENDED_WELL, "failed", "aborted"})


def await_end(session: Session, run_id: str) -> Document:
    """The run as it ended, well or not, or as it is paused until somebody mends something. Raises CommandError when we stop waiting: the run does
    not."""
    with _goes_on(run_id), run_bar() as show:

        def look() -> Document:
            found = session.api.get("runs", run_id)
            show(found)
            return found

        return poll(look, _is_over, patience=PATIENCE_SECONDS)


def _is_over(run: Document) -> bool:
    """An aborted run says so at once, and is counted a little later."""
    if run["state"] == "paused":
        return run.get("error") is not None
    return run["state"] in ENDED and not (run["state"] == "aborted" and run.get("concluded_at", "") is None)


@contextmanager
def _goes_on(run_id: str) -> Iterator[None]:
    advice = (
        f"The run goes on: `regulars campaign status {run_id} --watch` follows it, `regulars campaign pause {run_id}` holds it, and "
        f"`regulars campaign abort {run_id}` ends it."
    )
    try:
        yield
    except KeyboardInterrupt:
        raise CommandError(f"not waiting any more for run {run_id}.", code="interrupted", advice=advice, exit_code=130) from None
    except CommandError as error:
        raise CommandError(str(error), code=error.code, advice=advice) from None


def print_run(run: Document) -> None:
    """The state, and what there is to say of it; then one row a count, and one a reason under it."""
    rehearsal = " (a rehearsal: nothing is sent)" if run.get("rehearsal") else ""
    told = _told(run)
    print(f"run {run['run_id']}: {run['state']}{rehearsal}" + (f": {told}" if told else ""))
    if run.get("occurrence"):
        print(f"due by its schedule: {shown(run.get('local_time') or run['occurrence'])}")
    print_table(["outcome", "how many"], list(_rows(run.get("counts") or {})), right=["how many"])
    if run["state"] == "paused":
        print(f"`regulars campaign resume {run['run_id']}` goes on with it, within three days of its launch; `abort` ends it.")


def _told(run: Document) -> str:
    state, since = run["state"], f"since {run['stopped_at']}" if run.get("stopped_at") else ""
    match state:
        case "failed":
            return why(run)
        case "aborted":
            return " ".join(text for text in (why(run), f"at {run['stopped_at']}" if run.get("stopped_at") else "") if text)
        case "paused" if run.get("error"):
            return f"{since}, until this is mended: {why(run)}"
        case "paused":
            return f"{since} by {run.get('stopped_by')}"
        case "running":
            return ", ".join(filter(None, (pace(run), waiting(run))))
        case _:
            return ""


def print_runs(runs: Iterable[Document]) -> None:
    columns = ("run_id", "campaign_id", "state", "launched_at", "audience", "sent")
    rows = [{**run, **(run.get("counts") or {}), "state": _state(run)} for run in runs]
    print_table(columns, [[row.get(name) for name in columns] for row in rows], right=columns[4:])


def _state(run: Document) -> object:
    """Of a run that stands for a moment at which nobody launched it: that; and of one that sends nothing that it does not."""
    missed = (run.get("error") or {}).get("code") == MISSED
    rehearsal = " (rehearsal)" if run.get("rehearsal") else ""
    return MISSED if missed else f"{run.get('state')}{rehearsal}"


def why(run: Document) -> str:
    """Why a run failed, was aborted, or waits for somebody, in words."""
    error = run.get("error") or {}
    return f"{error.get('message', 'no reason was recorded')} ({error.get('code', 'unknown')})"


def _rows(counts: Document) -> Iterator[tuple[str, int]]:
    for name, value in counts.items():
        if isinstance(value, dict):
            yield from ((f"{name}: {reason}", people) for reason, people in value.items())
        else:
            yield name, value
