"""HTTP, by the standard library alone: importing a client would take longer than the call. Even urllib is imported on use only."""

from collections.abc import Mapping
from dataclasses import dataclass

from .errors import CommandError

TIMEOUT_SECONDS = 60
"""An HTTP API gives up on its integration after 30 s, so that a longer silence means that nobody is there."""

_LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whatever its status."""

    status: int
    body: bytes


class UnreachableError(Exception):
    """Nobody answered, or not in HTTP; the text says why."""


def exchange(method: str, address: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
    """One request and its reply. A redirect is a reply as any other: following it would carry the token elsewhere.

    Raises UnreachableError.
    """
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

    class NoRedirect(HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    try:
        request = Request(address, body, dict(headers or {}), method=method)
        # A proxy from the environment is for other machines, never for this one.
        proxies = [ProxyHandler({})] if (request.host or "").partition(":")[0] in _LOOPBACK else []
        with build_opener(NoRedirect, *proxies).open(request, timeout=TIMEOUT_SECONDS) as answer:
            return Reply(answer.status, answer.read())
    except HTTPError as error:
        return Reply(error.code, error.read())
    except (HTTPException, OSError, ValueError) as error:
        raise UnreachableError(str(getattr(error, "reason", error))) from None


def require_private(address: str) -> str:
    """The address, if a secret may go there: over TLS, or no further than this machine. Raises CommandError."""
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return address
    raise CommandError(f"{address!r} is no place to send a secret to: only https addresses are, and this machine", code="insecure_address")
