"""Where the story is played: on a platform that is started for it, or on one that is there already."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from local.platform import DEFAULT_PORT, Platform
from local.ports import first_free_port


@dataclass(frozen=True, slots=True)
class Stage:
    """An API, and who may use it: without a `token` the command line finds one in its contexts.

    `own` is what `regulars up` would say of a platform that is ours to look behind; else None.
    """

    api: str
    token: str = field(repr=False)
    write_key: str = field(repr=False)
    own: Mapping[str, str] | None = None


@contextmanager
def started(port: int | None, say: Callable[[str], None]) -> Iterator[Stage]:
    """A platform of the story's own, stopped at its end: on `port`, or on the first ports that are free. Raises PlatformError."""
    chosen = first_free_port(DEFAULT_PORT) if port is None else port
    if port is None and chosen != DEFAULT_PORT:
        say(f"port {DEFAULT_PORT} and the two after it are not all free: the HTTP API is at {chosen} this time")
    with Platform.start(port=chosen) as platform:
        yield Stage(platform.info["api"], platform.info["token"], platform.info["write_key"], platform.info)
