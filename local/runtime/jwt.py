"""Administrators' tokens: a small issuer in the place of Amazon Cognito, and API Gateway's own JWT authorizer.

The rules and answers are those of docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html and
http-api-troubleshooting-jwt.html: no code of ours sees a request that is refused here, and the body has `message` only.
"""

import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

ALGORITHM = "RS256"


class Issuer:
    """Signs access tokens with a key made at start; the claims are those of a Cognito access token."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key_id = uuid.uuid4().hex

    @property
    def keys(self) -> Mapping[str, rsa.RSAPublicKey]:
        """What a JWKS would hold: public keys by key id."""
        return {self.key_id: self._key.public_key()}

    def token(self, issuer: str, client: str, scopes: Iterable[str], lifetime: float, **claims: Any) -> str:
        """A token in the name of `issuer` for the application `client`, valid for `lifetime` seconds; `claims`
        override.
        """
        now = int(time.time())
        body = {
            "iss": issuer,
            "sub": client,
            "client_id": client,
            "token_use": "access",
            "scope": " ".join(scopes),
            "iat": now,
            "auth_time": now,
            "exp": now + int(lifetime),
            "version": 2,
            "jti": str(uuid.uuid4()),
            **claims,
        }
        body = {name: value for name, value in body.items() if value is not None}
        return jwt.encode(body, self._key, ALGORITHM, headers={"kid": self.key_id})


@dataclass(frozen=True, slots=True)
class Granted:
    """The request may go on; `context` is what the function finds at requestContext.authorizer."""

    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """The request ends here, with this answer."""

    status: int
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Authorizer:
    """API Gateway's check of a bearer token."""

    def __init__(self, issuer: str, audience: Iterable[str], keys: Mapping[str, rsa.RSAPublicKey]) -> None:
        self._issuer = issuer
        self._audience = frozenset(audience)
        self._keys = keys

    def check(self, authorization: str | None, scopes: Iterable[str]) -> Granted | Refused:
        """`authorization` is the header, with or without "Bearer"; of `scopes`, if there are any, the token needs
        one.
        """
        token = (authorization or "").strip()
        if token[:7].lower() == "bearer ":
            token = token[7:].strip()
        if not token:
            return Refused(401, "Unauthorized", {"www-authenticate": "Bearer"})
        try:
            claims = self._verified(token)
        except jwt.ExpiredSignatureError:
            return _invalid("the token has expired")
        except jwt.PyJWTError as error:
            return _invalid(str(error))
        audience = claims.get("aud", claims.get("client_id"))
        if self._audience.isdisjoint(audience if isinstance(audience, list) else [audience]):
            return _invalid("the token does not have a valid audience")
        wanted = sorted(set(scopes))
        held = set(_scopes_of(claims)) & set(wanted)
        if wanted and not held:
            header = f'Bearer scope="{" ".join(wanted)}" error="insufficient_scope"'
            return Refused(403, "Forbidden", {"www-authenticate": header})
        texts = {name: _claim_text(value) for name, value in claims.items()}
        return Granted({"jwt": {"claims": texts, "scopes": sorted(held) or None}})

    def _verified(self, token: str) -> dict[str, Any]:
        key_id = jwt.get_unverified_header(token).get("kid", "")
        if key_id not in self._keys:
            raise jwt.InvalidTokenError("unable to find a key that matches the kid of the token")
        options: Any = {"require": ["exp", "iss"], "verify_aud": False}
        claims: dict[str, Any] = jwt.decode(token, self._keys[key_id], algorithms=[ALGORITHM], issuer=self._issuer, options=options)
        return claims


def _invalid(reason: str) -> Refused:
    header = f'Bearer scope="" error="invalid_token" error_description="{reason}"'
    return Refused(401, "Unauthorized", {"www-authenticate": header})


def _scopes_of(claims: Mapping[str, Any]) -> list[str]:
    scope = claims.get("scope") or claims.get("scp") or ""
    return scope if isinstance(scope, list) else str(scope).split()


def _claim_text(value: object) -> str:
    """API Gateway hands every claim on as text; a list becomes "[a b]"."""
    if isinstance(value, list):
        return "[" + " ".join(map(str, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)
