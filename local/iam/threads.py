"""A thread works for whom the thread that started it works; a task of a pool for whom it was submitted.

On Lambda a whole process has one role. Here a function is a thread, and before Python 3.14 a thread does not inherit context variables.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from local.iam import principals

_start = threading.Thread.start
_submit = ThreadPoolExecutor.submit


def install() -> None:
    """For the life of the process, and without effect where nobody is at work. Idempotent."""
    setattr(threading.Thread, "start", _start_for_caller)  # noqa: B010 -- mypy refuses to assign to a method
    setattr(ThreadPoolExecutor, "submit", _submit_for_caller)  # noqa: B010


def _start_for_caller(self: threading.Thread) -> None:
    principal = principals.current()
    if principal is not None:
        setattr(self, "run", _working_for(principal, self.run))  # noqa: B010
    _start(self)


def _submit_for_caller(self: ThreadPoolExecutor, task: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
    # Also where it is nobody: the pool's thread may have been started for somebody.
    return _submit(self, _working_for(principals.current(), task), *arguments, **named)


def _working_for(principal: principals.Principal | None, task: Callable[..., Any]) -> Callable[..., Any]:
    def run(*arguments: Any, **named: Any) -> Any:
        with principals.acting(principal):
            return task(*arguments, **named)

    return run
