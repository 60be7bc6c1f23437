"""The admin API, as the command line sees it."""

import json
from collections.abc import Mapping
from typing import Any

from .credentials import Credentials
from .errors import ApiError, CommandError, advice_on
from .transport import Reply, UnreachableError, exchange

Document = dict[str, Any]


class AdminApi:
    """A client of `/admin` at one address."""

    def __init__(self, address: str, credentials: Credentials) -> None:
        self.address = address.rstrip("/")
        self._credentials = credentials

    def get(self, *path: str, **query: str) -> Document:
        """The document at `/admin/<path...>`; each part of the path is quoted, and a query without value is left out."""
        return self._call("GET", path, query=query)

    def put(self, *path: str, body: Document) -> Document:
        return self._call("PUT", path, body=body)

    def post(self, *path: str, body: Document, headers: Mapping[str, str] | None = None) -> Document:
        return self._call("POST", path, body=body, headers=headers)

    def upload(self, *path: str, content: bytes, **query: str) -> Document:
        """Puts bytes that are no JSON."""
        return self._call("PUT", path, query=query, body=content)

    def _call(
        self,
        method: str,
        path: tuple[str, ...],
        *,
        query: Mapping[str, str] | None = None,
        body: Document | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Document:
        from urllib.parse import quote, urlencode

        if "" in path:
            raise CommandError("an id is needed, and this one is empty", code="usage", exit_code=2)
        asked = {name: value for name, value in (query or {}).items() if value}
        address = f"{self.address}/admin/" + "/".join(quote(part, safe="") for part in path) + (f"?{urlencode(asked)}" if asked else "")
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        reply = self._send(method, address, data, headers or {})
        if reply.status == 401 and self._credentials.renewed():
            reply = self._send(method, address, data, headers or {})
        if reply.status >= 300:
            raise self._refusal(reply, method, path)
        return _document(reply.body, address)

    def _send(self, method: str, address: str, body: bytes | None, more: Mapping[str, str]) -> Reply:
        headers = {**more, "Authorization": f"Bearer {self._credentials.token()}", "Content-Type": _content_type(body)}
        try:
            return exchange(method, address, body=body, headers=headers)
        except UnreachableError as error:
            raise CommandError(
                f"cannot reach the API at {self.address} ({error}).",
                code="unreachable",
                advice="Is `regulars up` running? For another address set --api or REGULARS_API, or choose a context: `regulars context list`.",
            ) from None

    def _refusal(self, reply: Reply, method: str, path: tuple[str, ...]) -> ApiError:
        try:
            told = json.loads(reply.body)
        except ValueError:
            told = {}
        told = told if isinstance(told, dict) else {}
        code = str(told.get("code", ""))
        advice = self._credentials.advice if reply.status == 401 else advice_on(reply.status, code, method=method, path=path)
        message = str(told.get("message") or f"the API answered {reply.status}")
        return ApiError(reply.status, code, message, advice=advice, run_id=str(told.get("run_id", "")), problems=told.get("problems") or ())


def _content_type(body: bytes | None) -> str:
    """An HTTP API hands text of these types over as it is, and all else in base64."""
    return "application/gzip" if body is not None and body.startswith(b"\x1f\x8b") else "application/json"


def _document(body: bytes, address: str) -> Document:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise CommandError(f"{address} did not answer as the admin API does; is --api (REGULARS_API) right?", code="not_the_api")
    return document
