"""What goes wrong at a terminal, and what the person there does next.

CommandError        the command did not do what it says
`-- ApiError        the API refused, or failed
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

Problem = Mapping[str, Any]
"""`path` and `message`."""

TRANSIENT: Final = frozenset({"too_many_requests", "queue_unavailable", "store_unavailable", "push_unavailable", "unavailable"})
"""The API's codes that asking again may cure."""

TRANSIENT_STATUS: Final = frozenset({429, 503, 504})
"""The same from the gateway, which gives no code: throttled, unavailable, timed out."""

NEEDS_YES: Final = 3
"""The exit status where something has to be agreed to, and nobody is there to be asked."""

_AGAIN: Final = "This is safe to try again."

_BY_CODE: Final = {
    "push_configuration": "Put the Firebase service account into the stack's secret (its output FcmSecretArn); until then nobody is sent to.",
    "query_failed": "The same query fails again until its cause is mended: `regulars segment sql ID` shows it.",
    "no_such_route": "The installation and this command line (`regulars --version`) are of different versions.",
    "internal": "`regulars logs admin` says more.",
}

_BY_NOUN: Final = {
    "segments": "`regulars segment list` shows which there are.",
    "campaigns": "`regulars campaign list` shows which there are.",
    "journeys": "`regulars journey list` shows which there are.",
    "sources": "`regulars source list` shows which there are.",
    "runs": "`regulars campaign runs` shows which there are.",
    "backtests": "Results are kept for a week; ask anew.",
    "evaluations": "Results are kept for a week; ask anew.",
    "journey-backtests": "Results are kept for a week; ask anew.",
    "journey-reports": "Results are kept for a week; ask anew.",
    "journey-whys": "Results are kept for a week; ask anew.",
    "quarantine-searches": "Results are kept for a week; ask anew.",
    "queries": "Results are kept for a week, for whoever asked; run it again.",
    "preflights": "Results are kept for a week; ask anew.",
    "whys": "Results are kept for a week; ask anew.",
    "reports": "Results are kept for a week; `regulars campaign report RUN` makes a new one.",
    "imports": "`regulars imports list` shows which there are; of an address in S3, `aws s3 ls` says what lies there.",
    "profiles": "Ids are taken letter by letter, as the app sent them as userId.",
}


class CommandError(Exception):
    """What went wrong and what to do next, in words for the person at the terminal.

    `code` is a stable word for programs; `advice` a line of what to do next; `run_id` the run that is in the way, if one is; `problems` all that is
    wrong with a document, each with its `path` and `message`. With --json they are one JSON object on stderr.
    """

    def __init__(
        self, message: str, *, code: str = "failed", advice: str = "", exit_code: int = 1, run_id: str = "", problems: Sequence[Problem] = ()
    ) -> None:
        super().__init__(f"{message}\n{advice}" if advice else message)
        self.code, self.run_id, self.problems = code, run_id, problems
        self.exit_code = exit_code


class ApiError(CommandError):
    """The API's refusal. The gateway's own refusals have a message only: their code is `http_<status>`."""

    def __init__(self, status: int, code: str, message: str, *, advice: str = "", run_id: str = "", problems: Sequence[Problem] = ()) -> None:
        said = f"{len(problems)} things are wrong" if len(problems) > 1 else message
        super().__init__(f"{said} ({code or f'HTTP {status}'})", code=code or f"http_{status}", advice=advice, run_id=run_id, problems=problems)
        self.status = status
        self.transient = is_transient(status, code)


def is_transient(status: int, code: str) -> bool:
    """Whether asking again may be answered otherwise. A code says more than its status: 502 is a failed query, or a refused credential."""
    return code in TRANSIENT if code else status in TRANSIENT_STATUS


def advice_on(status: int, code: str, *, method: str, path: tuple[str, ...]) -> str:
    """What to do about a refusal of `method` on `/admin/<path...>`; 401 is for whoever knows where the token came from."""
    if method == "POST" and path[0] == "campaigns" and path[-1] == "runs" and is_transient(status, code):
        return f"It may have begun all the same: `regulars campaign runs {path[1]}` says so."
    if method == "POST" and path[0] == "campaigns" and path[-1] == "test" and is_transient(status, code):
        return "It may have gone out all the same, and would go out again."
    if is_transient(status, code):
        return _AGAIN
    if code in _BY_CODE:
        return _BY_CODE[code]
    if status == 403:
        return "The token lacks the scope for this: regulars/read, regulars/write, regulars/send or regulars/query."
    return _BY_NOUN.get(path[0], "") if status == 404 else ""
