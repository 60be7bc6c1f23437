"""Google's token endpoint for service accounts: a signed JWT in, an access token out.

https://developers.google.com/identity/protocols/oauth2/service-account#httprest
"""

import secrets
import time
import urllib.parse
from collections.abc import Mapping
from typing import Any

import jwt
import orjson
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from local.fcm.answers import Answer

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
GOOGLE_AUDIENCE = "https://oauth2.googleapis.com/token"  # google-auth always signs for this one, whatever `token_uri` says
SCOPES = {"https://www.googleapis.com/auth/firebase.messaging", "https://www.googleapis.com/auth/cloud-platform"}
MAX_ASSERTION_SECONDS = 3600
CLOCK_SKEW_SECONDS = 300
TOKEN_SECONDS = 3599


class TokenEndpoint:
    """Mints access tokens for one service account and knows those that it minted."""

    def __init__(self, account: Mapping[str, str]) -> None:
        self.minted = 0
        self._account = account
        self._key = load_pem_private_key(account["private_key"].encode(), None).public_key()
        self._expires: dict[str, float] = {}

    def accepts(self, authorization: str) -> bool:
        """`authorization` is the header of that name."""
        scheme, _, token = authorization.partition(" ")
        return scheme == "Bearer" and self._expires.get(token, 0.0) > time.time()

    def revoke_all(self) -> None:
        self._expires.clear()

    def mint(self, form: bytes) -> Answer:
        fields = dict(urllib.parse.parse_qsl(form.decode("utf-8", "replace")))
        if fields.get("grant_type") != GRANT:
            return _refuse("unsupported_grant_type", f"Invalid grant_type: {fields.get('grant_type', '')}")
        try:
            self._verify(fields.get("assertion", ""))
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError) as error:
            return _refuse("invalid_grant", f"Invalid JWT: {error}")
        token = "ya29." + secrets.token_urlsafe(120)
        self._expires[token] = time.time() + TOKEN_SECONDS
        self.minted += 1
        return Answer(200, orjson.dumps({"access_token": token, "expires_in": TOKEN_SECONDS, "token_type": "Bearer"}))

    def _verify(self, assertion: str) -> None:
        claims: dict[str, Any] = jwt.decode(
            assertion,
            self._key,  # type: ignore[arg-type]  # load_pem_private_key is typed for every kind of key; ours is RSA
            algorithms=["RS256"],
            audience=[GOOGLE_AUDIENCE, self._account["token_uri"]],
            issuer=self._account["client_email"],
            leeway=CLOCK_SKEW_SECONDS,
            options={"require": ["iss", "aud", "iat", "exp", "scope"]},
        )
        if claims["exp"] - claims["iat"] > MAX_ASSERTION_SECONDS:
            raise ValueError("the assertion must be short-lived: at most 60 minutes between iat and exp")
        if not SCOPES & set(str(claims["scope"]).split()):
            raise ValueError(f"the scope must hold one of {sorted(SCOPES)}")


def _refuse(error: str, description: str) -> Answer:
    return Answer(400, orjson.dumps({"error": error, "error_description": description}), error)
