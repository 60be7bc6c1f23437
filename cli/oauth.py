"""Tokens of the stack's user pool (OAuth 2.0), or of the local issuer, which has the same paths.

https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from .contexts import ClientSecret, Grant, RefreshToken
from .errors import CommandError
from .transport import UnreachableError, exchange, require_private


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token until `expires_at` (seconds since 1970), and what gets the next one, if the answer had that."""

    access_token: str = field(repr=False)
    expires_at: float
    refresh_token: str = field(default="", repr=False)


class GrantRefusedError(CommandError):
    """The token endpoint said no; `code` is its `error` (RFC 6749, 5.2), such as invalid_grant."""


def renew(grant: Grant) -> tuple[Tokens, Grant]:
    """The next token, and the grant for the one after it: a refresh token may be replaced by each use. Raises CommandError."""
    match grant:
        case ClientSecret():
            return ask_for_token(grant.token_endpoint, {"grant_type": "client_credentials"}, basic=(grant.client_id, grant.client_secret)), grant
        case RefreshToken():
            form = {"grant_type": "refresh_token", "client_id": grant.client_id, "refresh_token": grant.refresh_token}
            tokens = ask_for_token(grant.token_endpoint, form)
            following = tokens.refresh_token or grant.refresh_token
            return tokens, RefreshToken(grant.token_endpoint, grant.client_id, following)
        case _ as unreachable:
            assert_never(unreachable)


def ask_for_token(endpoint: str, form: Mapping[str, str], *, basic: tuple[str, str] | None = None) -> Tokens:
    """One request to the token endpoint; `basic` is a client's id and secret. Raises GrantRefusedError, or CommandError."""
    from urllib.parse import urlencode

    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if basic is not None:
        headers["Authorization"] = _basic(*basic)
    try:
        reply = exchange("POST", require_private(endpoint), body=urlencode(form).encode(), headers=headers)
    except UnreachableError as error:
        raise CommandError(f"cannot reach the token endpoint {endpoint} ({error})", code="unreachable") from None
    try:
        answer = json.loads(reply.body)
        if reply.status == 200:
            expires_at = time.time() + float(answer["expires_in"])
            return Tokens(str(answer["access_token"]), expires_at, str(answer.get("refresh_token", "")))
        code = str(answer["error"])
    except (ValueError, KeyError, TypeError):
        raise CommandError(f"{endpoint} answered {reply.status}, and not as a token endpoint does", code="not_a_token_endpoint") from None
    raise GrantRefusedError(f"the token endpoint refused: {answer.get('error_description') or code}", code=code)


def _basic(client_id: str, client_secret: str) -> str:
    """RFC 6749, 2.3.1: both are encoded as in a form before they are joined."""
    from base64 import b64encode
    from urllib.parse import quote_plus

    joined = f"{quote_plus(client_id)}:{quote_plus(client_secret)}"
    return f"Basic {b64encode(joined.encode()).decode()}"
