"""What every port is made by: the environment of the function, or what a test has put in its place."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from regulars import ports
from regulars.config import Config

_installed: dict[str, Any] = {}

T = TypeVar("T")


def install(**fakes: Any) -> None:
    """Uses these instead of the real ports from now on, by the name of the function that gives each; `install()` alone takes them all out again."""
    _installed.clear()
    _installed.update(fakes)


def port(name: str, make: Callable[[Config], T]) -> T:
    """The installed one of this name, or what `make` makes."""
    return cast(T, _installed[name]) if name in _installed else make(config())


def config() -> Config:
    return cast(Config, _installed.get("config")) or Config()


def clock() -> ports.Clock:
    from regulars.adapters.system_clock import SystemClock

    return port("clock", lambda _: SystemClock())
