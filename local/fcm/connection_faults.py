"""What the double does to connections, as far as `POST /__admin/faults` asks for it: the types, read strictly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from regulars.adapters.http2.frames import ErrorCode

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Cut:
    """All connections are reset (TCP), `times` times or for ever, each `every` seconds; {"times": 1} is once and at once."""

    every: float = 0.0
    times: int | None = None

    def __post_init__(self) -> None:
        if self.every < 0 or (self.every == 0 and self.times != 1) or (self.times is not None and self.times < 1):
            raise ValueError('`cut` is {"times": 1}, or {"every": seconds} with or without `times`')


@dataclass(frozen=True)
class Streams:
    """Shares of the sends over HTTP/2: `refused` with REFUSED_STREAM and not looked at, `reset` with `code` when it was answered."""

    refused: float = 0.0
    reset: float = 0.0
    code: str = ErrorCode.INTERNAL_ERROR.name

    def __post_init__(self) -> None:
        if not (self.refused >= 0 and self.reset >= 0 and self.refused + self.reset <= 1):
            raise ValueError("`streams` has shares from 0 to 1: refused, reset, and both together")
        if self.code not in ErrorCode.__members__:
            raise ValueError(f"`streams` knows the codes {sorted(ErrorCode.__members__)}, not {self.code!r}")


@dataclass(frozen=True)
class GoAway:
    """Every connection says GOAWAY with the `after`th of its requests; with `once`, those that are open do so now."""

    after: int | None = None
    once: bool = False

    def __post_init__(self) -> None:
        if (self.after is None) is not self.once or (self.after is not None and self.after < 0):
            raise ValueError('`goaway` is {"once": true}, or {"after": requests}')


@dataclass(frozen=True)
class ConnectionFaults:
    cut: Cut | None = None
    streams: Streams = Streams()
    goaway: GoAway | None = None
    hang: float = 0.0
    stopped: float = 0.0

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "ConnectionFaults":
        """Raises ValueError that names the fault and what is allowed."""
        return cls(
            cut=_read(Cut, "cut", ("every", "times"), given["cut"]) if given.get("cut") else None,
            streams=_read(Streams, "streams", ("refused", "reset", "code"), given.get("streams") or {}),
            goaway=_read(GoAway, "goaway", ("after", "once"), given["goaway"]) if given.get("goaway") else None,
            hang=_seconds("hang", given.get("hang") or 0.0),
            stopped=_seconds("stopped", given.get("stopped") or 0.0),
        )


def _read(kind: type[Kind], name: str, known: Sequence[str], given: object) -> Kind:
    if not isinstance(given, dict) or not set(given) <= set(known):
        raise ValueError(f"`{name}` is an object with {sorted(known)}, not {given!r}")
    return kind(**given)


def _seconds(name: str, given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or given < 0:
        raise ValueError(f"`{name}` is seconds, not {given!r}")
    return float(given)
