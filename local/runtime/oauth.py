"""The user pool's OAuth 2.0 endpoints: paths, answers, errors and claims are Amazon Cognito's.

https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html, authorization-endpoint.html, login-endpoint.html, logout-endpoint.html
and revocation-endpoint.html. Nobody has a password here: one says who one is, on a page, or by `login_hint`, and is sent back at once.
"""

import base64
import binascii
import hashlib
import json
import secrets
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, unquote_plus, urlencode

from local.resources.model import OAuthClient
from local.runtime.http import Endpoint
from local.runtime.http_events import Answer, Request
from local.runtime.jwt import Issuer
from local.runtime.sign_in_page import PEOPLE, sign_in_page

CODE_SECONDS: Final = 300
_GROUPS: Final = {person.username: [person.group] for person in PEOPLE}
_NO_STORE: Final = ("cache-control", "no-store")


@dataclass(frozen=True, slots=True)
class _Code:
    """An authorization code that waits to be changed for tokens, once."""

    client: OAuthClient
    person: str
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str
    until: float


@dataclass(frozen=True, slots=True)
class _SignedIn:
    """What a refresh token stands for; all tokens of one sign-in end together."""

    client: OAuthClient
    person: str
    scopes: tuple[str, ...]
    auth_time: int
    origin: str
    until: float


class _Refused(Exception):  # noqa: N818 - an answer, not a failure
    """The text is the `error` of the answer (RFC 6749, 5.2)."""


class UserPool:
    """Answers `/oauth2/authorize`, `/login`, `/logout`, `/oauth2/token` and `/oauth2/revoke`. `issuer` signs in the name of `issuer_url`; `clock`
    gives seconds since 1970."""

    def __init__(self, clients: Iterable[OAuthClient], issuer: Issuer, issuer_url: str, clock: Callable[[], float] = time.time) -> None:
        self._clients = {client.client_id: client for client in clients}
        self._issuer, self._issuer_url, self._clock = issuer, issuer_url, clock
        self._codes: dict[str, _Code] = {}
        self._signed_in: dict[str, _SignedIn] = {}

    def handle(self, request: Request) -> Answer | None:
        """The answer, or None where the path is not the pool's."""
        match request.method, request.path:
            case "GET", "/oauth2/authorize" | "/login":
                asked = dict(parse_qsl(request.query))
                return self._authorize(asked, asked.get("login_hint", ""))
            case "POST", "/oauth2/authorize" | "/login":
                return self._authorize(dict(parse_qsl(request.query)), _form(request).get("username", ""))
            case "GET", "/logout":
                return self._sign_out(dict(parse_qsl(request.query)))
            case "POST", "/oauth2/token" | "/oauth2/revoke":
                try:
                    return self._of_tokens(request)
                except _Refused as refused:
                    return _json(400, {"error": str(refused)})
            case _:
                return None

    def _of_tokens(self, request: Request) -> Answer:
        if request.path == "/oauth2/token":
            return _json(200, self._tokens(_form(request), request.headers))
        self._revoke(_form(request), request.headers)
        return Answer(200, (_NO_STORE,), b"")

    def _authorize(self, asked: Mapping[str, str], person: str) -> Answer:
        """Back to where it was asked from, as `person`; or the page that asks who one is."""
        client = self._clients.get(asked.get("client_id", ""))
        redirect_uri = asked.get("redirect_uri", "")
        # Whom nobody vouches for is sent nowhere.
        if client is None or redirect_uri not in client.callback_urls:
            return Answer(400, (("content-type", "text/plain"),), b"redirect_mismatch" if client else b"invalid_client")
        if not person:
            return sign_in_page()
        back = {"state": asked["state"]} if "state" in asked else {}
        try:
            back["code"] = self._code(client, redirect_uri, person, asked)
        except _Refused as refused:
            back["error"] = str(refused)
        return _sent_to(f"{redirect_uri}?{urlencode(back)}")

    def _sign_out(self, asked: Mapping[str, str]) -> Answer:
        client, back = self._clients.get(asked.get("client_id", "")), asked.get("logout_uri", "")
        if client is None or back not in client.logout_urls:
            return Answer(400, (("content-type", "text/plain"),), b"redirect_mismatch" if client else b"invalid_client")
        return _sent_to(back)

    def _revoke(self, form: Mapping[str, str], headers: Iterable[tuple[str, str]]) -> None:
        """All refresh tokens of the same sign-in end with this one."""
        client, ended = self._client(form, headers), self._signed_in.get(form.get("token", ""))
        if ended is not None and ended.client is client:
            self._signed_in = {token: each for token, each in self._signed_in.items() if each.origin != ended.origin}

    def _code(self, client: OAuthClient, redirect_uri: str, person: str, asked: Mapping[str, str]) -> str:
        if asked.get("response_type") != "code" or "code" not in client.flows:
            raise _Refused("unauthorized_client")
        if asked.get("code_challenge_method", "S256") != "S256":
            raise _Refused("invalid_request")
        code = str(uuid.uuid4())
        until = self._clock() + CODE_SECONDS
        self._codes[code] = _Code(client, person, _scopes(client, asked), redirect_uri, asked.get("code_challenge", ""), until)
        return code

    def _tokens(self, form: Mapping[str, str], headers: Iterable[tuple[str, str]]) -> Mapping[str, object]:
        client = self._client(form, headers)
        match form.get("grant_type"):
            case "client_credentials":
                return self._for_program(client, form)
            case "authorization_code":
                return self._for_code(client, form)
            case "refresh_token":
                return self._refreshed(client, form)
            case None:
                raise _Refused("invalid_request")
            case _:
                raise _Refused("unsupported_grant_type")

    def _client(self, form: Mapping[str, str], headers: Iterable[tuple[str, str]]) -> OAuthClient:
        """The client, by its secret where it has one: in the header (RFC 6749, 2.3.1), or in the form."""
        given = _basic(headers) or (form.get("client_id", ""), form.get("client_secret"))
        client = self._clients.get(given[0])
        if client is None or (client.secret or "") != (given[1] or ""):
            raise _Refused("invalid_client")
        return client

    def _for_program(self, client: OAuthClient, form: Mapping[str, str]) -> Mapping[str, object]:
        if "client_credentials" not in client.flows:
            raise _Refused("unauthorized_client")
        return self._answer(client, self._issuer.token(self._issuer_url, client.client_id, _scopes(client, form), client.access_seconds))

    def _for_code(self, client: OAuthClient, form: Mapping[str, str]) -> Mapping[str, object]:
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or code.client is not client or code.until < self._clock() or code.redirect_uri != form.get("redirect_uri"):
            raise _Refused("invalid_grant")
        if code.challenge != (_challenge(form["code_verifier"]) if "code_verifier" in form else ""):
            raise _Refused("invalid_grant")
        now = self._clock()
        signed_in = _SignedIn(client, code.person, code.scopes, int(now), str(uuid.uuid4()), now + client.refresh_seconds)
        return self._answer(client, self._person_token(signed_in), self._refresh_token(signed_in))

    def _refreshed(self, client: OAuthClient, form: Mapping[str, str]) -> Mapping[str, object]:
        used = form.get("refresh_token", "")
        signed_in = self._signed_in.get(used)
        if signed_in is None or signed_in.client is not client or signed_in.until < self._clock():
            raise _Refused("invalid_grant")
        if client.rotation_grace is None:
            return self._answer(client, self._person_token(signed_in))
        following = self._refresh_token(signed_in)
        self._signed_in[used] = replace(signed_in, until=min(signed_in.until, self._clock() + client.rotation_grace))
        return self._answer(client, self._person_token(signed_in), following)

    def _refresh_token(self, signed_in: _SignedIn) -> str:
        token = secrets.token_urlsafe(48)
        self._signed_in[token] = signed_in
        return token

    def _person_token(self, signed_in: _SignedIn) -> str:
        client = signed_in.client
        claims = {
            "sub": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._issuer_url}/{signed_in.person}")),
            "username": signed_in.person,
            "cognito:groups": _GROUPS.get(signed_in.person),
            "auth_time": signed_in.auth_time,
            "origin_jti": signed_in.origin,
            "event_id": str(uuid.uuid4()),
        }
        return self._issuer.token(self._issuer_url, client.client_id, signed_in.scopes, client.access_seconds, **claims)

    @staticmethod
    def _answer(client: OAuthClient, access_token: str, refresh_token: str | None = None) -> Mapping[str, object]:
        answer: dict[str, object] = {"access_token": access_token, "expires_in": client.access_seconds, "token_type": "Bearer"}
        return answer if refresh_token is None else {**answer, "refresh_token": refresh_token}


class WithUserPool:
    """An HTTP API, and at the same address a user pool, which on AWS has one of its own."""

    def __init__(self, pool: UserPool, api: Endpoint) -> None:
        self._pool, self._api = pool, api

    def handle(self, request: Request) -> Answer:
        return self._pool.handle(request) or self._api.handle(request)


def _scopes(client: OAuthClient, asked: Mapping[str, str]) -> tuple[str, ...]:
    """What was asked for, or all that the client may have."""
    wanted = tuple(asked.get("scope", "").split())
    if set(wanted) - set(client.scopes):
        raise _Refused("invalid_scope")
    return wanted or client.scopes


def _basic(headers: Iterable[tuple[str, str]]) -> tuple[str, str | None] | None:
    value = next((value for name, value in headers if name.lower() == "authorization"), "")
    if value[:6].lower() != "basic ":
        return None
    try:
        name, _, secret = base64.b64decode(value[6:], validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise _Refused("invalid_client") from None
    return unquote_plus(name), unquote_plus(secret)


def _challenge(verifier: str) -> str:
    """RFC 7636, 4.2: S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _form(request: Request) -> Mapping[str, str]:
    return dict(parse_qsl(request.body.decode("latin-1")))


def _sent_to(address: str) -> Answer:
    return Answer(302, (("location", address), _NO_STORE), b"")


def _json(status: int, document: Mapping[str, object]) -> Answer:
    return Answer(status, (("content-type", "application/json;charset=UTF-8"), _NO_STORE), json.dumps(document).encode())
