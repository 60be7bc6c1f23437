"""The admin API, as the command line sees it.

Standard library only: importing an HTTP client would take longer than the call.
"""

import json
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

from .errors import CommandError

DEFAULT_API = "http://127.0.0.1:8400"
TIMEOUT_SECONDS = 60
"""An HTTP API gives up on its integration after 30 s, so that a longer silence means that nobody is there."""

PASSING = frozenset({429, 503, 504})
"""Throttled, unavailable, timed out: what asking again may cure. (502 is a query that failed, and fails again.)"""

Document = dict[str, Any]


class ApiError(CommandError):
    """The API's refusal. `code` is empty where the gateway itself refused: its bodies have a message only."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{message} ({code or f'HTTP {status}'}){_advice(status)}")
        self.status = status
        self.code = code


class AdminApi:
    """A client of `/admin` at one address with one bearer token."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address.rstrip("/")
        self._token = token

    def get(self, *path: str, **query: str) -> Document:
        """The document at `/admin/<path...>`; each part of the path is quoted."""
        return self._call("GET", path, query=query)

    def put(self, *path: str, body: Document) -> Document:
        return self._call("PUT", path, body=body)

    def post(self, *path: str, body: Document) -> Document:
        return self._call("POST", path, body=body)

    def poll(self, look: Callable[[], Document], finished: Callable[[Document], bool], *, patience: float) -> Document:
        """Looks until it has finished, 0.1 s to 2 s apart; a look that is turned away for now is taken again.

        Raises CommandError after `patience` seconds, or at once for a refusal that will not pass.
        """
        deadline, wait = time.monotonic() + patience, 0.1
        while True:
            last = _tried(look)
            if not isinstance(last, ApiError) and finished(last):
                return last
            if time.monotonic() > deadline:
                raise CommandError(f"still not finished after {patience:.0f} s; it goes on, ask again later. Last seen: {last}")
            time.sleep(wait)
            wait = min(wait * 1.4, 2.0)

    def _call(
        self,
        method: str,
        path: tuple[str, ...],
        *,
        query: Mapping[str, str] | None = None,
        body: Document | None = None,
    ) -> Document:
        address = f"{self.address}/admin/" + "/".join(quote(part, safe="") for part in path)
        asked = {name: value for name, value in (query or {}).items() if value}
        address += f"?{urlencode(asked)}" if asked else ""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            request = Request(address, data, headers, method=method)
            with _opener(request.host or "").open(request, timeout=TIMEOUT_SECONDS) as answer:
                return _read(answer.read(), address)
        except HTTPError as error:
            raise _refusal(error.code, error.read()) from None
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise self._unreachable(error) from None

    def _unreachable(self, error: Exception) -> CommandError:
        reason = getattr(error, "reason", error)
        return CommandError(
            f"cannot reach the API at {self.address} ({reason}).\nIs `regulars up` running? For another address set --api or REGULARS_API."
        )


def _tried(look: Callable[[], Document]) -> Document | ApiError:
    """What was seen, or the refusal that will pass."""
    try:
        return look()
    except ApiError as error:
        if error.status not in PASSING:
            raise
        return error


def _opener(host: str) -> OpenerDirector:
    """A proxy from the environment is for other machines, never for this one."""
    here = host.partition(":")[0] in ("127.0.0.1", "localhost")
    return build_opener(ProxyHandler({})) if here else build_opener()


def _read(body: bytes, address: str) -> Document:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise CommandError(f"{address} did not answer as the admin API does; is --api (REGULARS_API) right?")
    return document


def _refusal(status: int, body: bytes) -> ApiError:
    try:
        told = json.loads(body)
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    return ApiError(status, str(told.get("code", "")), str(told.get("message") or f"the API answered {status}"))


def _advice(status: int) -> str:
    match status:
        case 401:
            return "\nSet --token or REGULARS_TOKEN to a token that is still valid; `regulars up` prints one."
        case 403:
            return "\nThe token lacks the scope for this: regulars/read, regulars/write or regulars/send."
        case 404:
            return "\nThe list commands show which ids there are; --api (REGULARS_API) says where they are looked for."
        case 429 | 502 | 503 | 504:
            return "\nThis is safe to try again."
        case _:
            return ""
