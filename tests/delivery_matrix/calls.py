"""A call of `deliver` to which something may happen: at each thing that it does to the world it may be killed, or freeze."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Any, Final, TypeVar, cast

from regulars.ports import PushSender, PushSession

STEPS: Final = frozenset({"put", "hold", "keys", "take", "results"})

T = TypeVar("T")


class Killed(BaseException):
    """The process is gone. Nobody catches it, as nobody would a signal."""


class Life:
    """Of one call. At its step `moment`, of which each thing that it does is one before and one after, something `happens`, which may kill it."""

    def __init__(self, moment: int = 0, happens: Callable[[], None] = lambda: None) -> None:
        self._moment, self._happens = moment, happens
        self._steps, self._killed = 0, False

    @property
    def happened(self) -> bool:
        return self._steps >= self._moment

    def step(self) -> None:
        if self._killed:
            raise Killed
        self._steps += 1
        if self._steps == self._moment:
            try:
                self._happens()
            except Killed:
                self._killed = True
                raise


def die() -> None:
    raise Killed


class _Mortal:
    def __init__(self, thing: object, life: Life, lock: AbstractContextManager[Any]) -> None:
        self._thing, self._life, self._lock = thing, life, lock

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._thing, name)
        if name not in STEPS:
            return found

        def act(*given: Any, **named: Any) -> Any:
            self._life.step()
            with self._lock:
                answer = found(*given, **named)
            self._life.step()
            return answer

        return act


def mortal(store: T, life: Life, lock: threading.Lock) -> T:
    """The store as the call has it: one write at a time, as a conditional one is."""
    return cast(T, _Mortal(store, life, lock))


class MortalSender:
    """The sender as the call has it."""

    def __init__(self, sender: PushSender, life: Life) -> None:
        self._sender, self._life = sender, life

    @contextmanager
    def open(self, *, per_second: float, deadline: datetime | None = None, refused: float = 1.0) -> Iterator[PushSession]:
        with self._sender.open(per_second=per_second, deadline=deadline, refused=refused) as session:
            yield cast(PushSession, _Mortal(session, self._life, nullcontext()))
