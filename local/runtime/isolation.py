"""What an execution environment has for itself although all share one process: its variables, and where its prints go.

On Lambda each execution environment is a process. Here each is a thread, so the two process-wide names that handlers
use, `os.environ` and `sys.stdout`/`sys.stderr`, answer according to the thread's `Scope`. Where there is none, they
are the process's.

Limits: a thread that a handler starts has no scope before Python 3.14 (contextvars are not inherited), so a function
reads its configuration before it starts threads; a subprocess and C code (`getenv`) see the process's variables.
"""

import os
import sys
from collections.abc import Iterator, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TextIO, cast


@dataclass(slots=True)
class Scope:
    """One execution environment's variables (encoded, as os.environ keeps them) and what it has printed and nobody
    has taken yet.
    """

    variables: dict[bytes, bytes] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, variables: dict[str, str]) -> "Scope":
        return cls({os.fsencode(name): os.fsencode(value) for name, value in variables.items()})

    def take_printed(self) -> str:
        """The text printed since the last call."""
        printed, self.printed = self.printed, []
        return "".join(printed)


_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)


def enter(scope: Scope) -> None:
    """From here on this thread runs inside `scope`."""
    _scope.set(scope)


class _Variables(MutableMapping[bytes, bytes]):
    """The store below os.environ. Replacing the store, not os.environ, reaches `from os import environ` as well."""

    def __init__(self, process: MutableMapping[bytes, bytes]) -> None:
        self.process = process

    def _current(self) -> MutableMapping[bytes, bytes]:
        scope = _scope.get()
        return self.process if scope is None else scope.variables

    def __getitem__(self, name: bytes) -> bytes:
        return self._current()[name]

    def __setitem__(self, name: bytes, value: bytes) -> None:
        self._current()[name] = value

    def __delitem__(self, name: bytes) -> None:
        del self._current()[name]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._current())

    def __len__(self) -> int:
        return len(self._current())


class _Stream:
    """Stands in for a standard stream: text printed inside a scope is kept there, all else goes through."""

    def __init__(self, process: TextIO) -> None:
        self.process = process

    def write(self, text: str) -> int:
        scope = _scope.get()
        if scope is None:
            return self.process.write(text)
        scope.printed.append(text)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.process, name)


# One of each for the life of the process: loggers keep the stream that they were made with, also into the next runtime.
_streams: dict[str, _Stream] = {}


def install() -> None:
    """Route os.environ and the standard streams by scope. Idempotent and cheap: others (pytest) put streams back
    behind our back.
    """
    for name in ("stdout", "stderr"):
        current = getattr(sys, name)
        stream = _streams.setdefault(name, _Stream(current))
        if current is not stream:
            stream.process = current
            setattr(sys, name, stream)
    environ = cast(Any, os.environ)
    if not isinstance(environ._data, _Variables):
        environ._data = _Variables(environ._data)


def uninstall() -> None:
    """Give the process its own os.environ and streams back."""
    for name, stream in _streams.items():
        if getattr(sys, name) is stream:
            setattr(sys, name, stream.process)
    environ = cast(Any, os.environ)
    if isinstance(environ._data, _Variables):
        environ._data = environ._data.process


def process_environment() -> dict[str, str]:
    """The process's own variables, whichever scope asks."""
    data = cast(Any, os.environ)._data
    process = data.process if isinstance(data, _Variables) else data
    return {os.fsdecode(name): os.fsdecode(value) for name, value in dict(process).items()}


def process_stderr() -> TextIO:
    """The process's own standard error, whichever scope asks."""
    current: Any = sys.stderr
    return cast(TextIO, current.process if isinstance(current, _Stream) else current)
