"""Which call a path means: Segment's HTTP API, its browser library's short forms, and what Rudder's browser library asks for besides.

Whatever API Gateway has no other route for comes here: also `/admin` itself, and what is asked below it with a method that no route has.
"""

from dataclasses import dataclass
from typing import Final

from regulars.domain.collection.message import Verb
from regulars.domain.errors import NotFoundError

from .errors import MethodNotAllowedError, NoSuchRouteError

VERBS: Final[dict[str, Verb]] = {
    "batch": "batch",
    "b": "batch",
    "import": "import",
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

METRICS: Final = "m"
"""The browser library's metrics about itself: taken and dropped."""


ELSEWHERE: Final = {"content": "POST", "places": "GET"}
"""What API Gateway has a route for, by this method alone: with any other, it comes here."""


@dataclass(frozen=True)
class Collect:
    """Take the body as this verb's."""

    verb: Verb


@dataclass(frozen=True)
class Drop:
    """Answer success and keep nothing."""


@dataclass(frozen=True)
class Settings:
    """Tell a browser or mobile client of Segment's how to reach us."""

    write_key: str


@dataclass(frozen=True)
class SourceConfig:
    """Tell a browser client of Rudder's that its source is there, and sends nowhere else. The key is where events have theirs."""


@dataclass(frozen=True)
class Preflight:
    """Answer the browser's question whether it may call at all."""


Route = Collect | Drop | Settings | SourceConfig | Preflight


def routed(method: str, path: str) -> Route:
    """What a request asks for. Raises NotFoundError, MethodNotAllowedError and, below /admin, NoSuchRouteError.

    Preflights are answered on any path but those: the admin API is not for pages of other origins.
    """
    parts = [part for part in path.split("/") if part]
    if parts[:1] == ["admin"]:
        raise NoSuchRouteError(f"there is no {method} {path[:200]}; GET /admin/openapi.json lists what there is")
    if method == "OPTIONS":
        return Preflight()
    match parts:
        case ["v1", "projects", write_key, "settings"]:
            _expect("GET", method, path)
            return Settings(write_key)
        case ["sourceConfig"]:
            _expect("GET", method, path)
            return SourceConfig()
        case ["v1", name] if name == METRICS:
            _expect("POST", method, path)
            return Drop()
        case ["v1", name] if name in VERBS:
            _expect("POST", method, path)
            return Collect(VERBS[name])
        case ["beacon", "v1", "batch"]:
            _expect("POST", method, path)
            return Collect("batch")
        case ["v1", name] if name in ELSEWHERE:
            _expect(ELSEWHERE[name], method, path)
    raise NotFoundError(f"nothing at {path[:200]}: events go to POST /v1/batch, or /v1/track and its siblings")


def _expect(allowed: str, method: str, path: str) -> None:
    if method != allowed:
        raise MethodNotAllowedError(method, path[:200], allowed)
