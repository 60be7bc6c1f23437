"""Who calls. A function, an execution of a state machine and a query each run in threads of their own, and each thread knows for whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """A role at work. `session` says for what: a function's name, an execution's."""

    role: str
    session: str

    @property
    def arn(self) -> str:
        """As errors name it: arn:aws:sts::<account>:assumed-role/<role>/<session>."""
        account, name = self.role.split(":")[4], self.role.rsplit("/", 1)[-1]
        return f"arn:aws:sts::{account}:assumed-role/{name}/{self.session}"


_current: ContextVar[Principal | None] = ContextVar("principal", default=None)


def current() -> Principal | None:
    """None: somebody outside, who has credentials of their own."""
    return _current.get()


def enter(principal: Principal | None) -> None:
    """From here on this thread works for `principal`."""
    _current.set(principal)


@contextmanager
def acting(principal: Principal | None) -> Iterator[None]:
    before = _current.set(principal)
    try:
        yield
    finally:
        _current.reset(before)
