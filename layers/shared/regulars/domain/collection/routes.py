"""Which call a path means: Segment's HTTP API and its browser library's short forms. Every path that is not under `/admin` comes here."""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from regulars.domain.errors import NotFoundError, RefusedError

Verb = Literal["batch", "track", "identify", "page", "screen", "group", "alias"]

VERBS: Final[dict[str, Verb]] = {
    "batch": "batch",
    "b": "batch",
    "import": "batch",
    "track": "track",
    "t": "track",
    "identify": "identify",
    "i": "identify",
    "page": "page",
    "p": "page",
    "screen": "screen",
    "s": "screen",
    "group": "group",
    "g": "group",
    "alias": "alias",
    "a": "alias",
}
"""The last part of `/v1/...` and the verb it means; browsers use the one-letter forms."""

BEACON: Final = "m"
"""The browser library's metrics about itself: taken and dropped."""


class MethodNotAllowedError(RefusedError):
    """The path is known, but not for this method. `allowed` says for which."""

    code: ClassVar[str] = "method_not_allowed"
    status: ClassVar[int] = 405

    def __init__(self, method: str, path: str, allowed: str) -> None:
        super().__init__(f"{path} takes {allowed}, not {method}")
        self.allowed = allowed


@dataclass(frozen=True)
class Collect:
    """Take the body as this verb's."""

    verb: Verb


@dataclass(frozen=True)
class Drop:
    """Answer success and keep nothing."""


@dataclass(frozen=True)
class Settings:
    """Tell a browser or mobile client how to reach us."""

    write_key: str


@dataclass(frozen=True)
class Preflight:
    """Answer the browser's question whether it may call at all."""


Route = Collect | Drop | Settings | Preflight


def routed(method: str, path: str) -> Route:
    """What a request asks for. Raises NotFoundError and MethodNotAllowedError. Preflights are answered on any path."""
    if method == "OPTIONS":
        return Preflight()
    match path.strip("/").split("/"):
        case ["v1", "projects", write_key, "settings"]:
            _expect("GET", method, path)
            return Settings(write_key)
        case ["v1", name] if name == BEACON:
            _expect("POST", method, path)
            return Drop()
        case ["v1", name] if name in VERBS:
            _expect("POST", method, path)
            return Collect(VERBS[name])
    raise NotFoundError(f"nothing at {path[:200]}: events go to POST /v1/batch, or /v1/track and its siblings")


def _expect(allowed: str, method: str, path: str) -> None:
    if method != allowed:
        raise MethodNotAllowedError(method, path[:200], allowed)
