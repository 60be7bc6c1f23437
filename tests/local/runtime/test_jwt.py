"""The authorizer answers as API Gateway's: 401 for a token that is no good, 403 for one without the route's scope."""

import time
from typing import Any

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from local.runtime.jwt import Authorizer, Granted, Issuer, Refused

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/pool"


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="module")
def authorizer(issuer: Issuer) -> Authorizer:
    return Authorizer(ISSUER, ["regulars-client"], issuer.keys)


def token(issuer: Issuer, **claims: Any) -> str:
    return issuer.token(ISSUER, "regulars-client", ["regulars/read", "regulars/write"], 60, **claims)


def test_a_good_token_hands_its_claims_on_as_text(issuer: Issuer, authorizer: Authorizer) -> None:
    granted = authorizer.check("Bearer " + token(issuer, groups=["a", "b"], admin=True), ["regulars/read"])
    assert isinstance(granted, Granted)
    claims = granted.context["jwt"]["claims"]
    assert claims["client_id"] == "regulars-client"
    assert claims["groups"] == "[a b]"
    assert claims["admin"] == "true"
    assert claims["exp"].isdigit()
    assert granted.context["jwt"]["scopes"] == ["regulars/read"]


def test_the_word_bearer_is_optional_and_a_route_may_ask_for_no_scope(issuer: Issuer, authorizer: Authorizer) -> None:
    granted = authorizer.check(token(issuer), [])
    assert isinstance(granted, Granted)
    assert granted.context["jwt"]["scopes"] is None


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": 1}, "the token has expired"),
        ({"exp": None}, 'Token is missing the "exp" claim'),
        ({"iss": "https://else"}, "Invalid issuer"),
        ({"client_id": "else"}, "the token does not have a valid audience"),
        ({"aud": "else"}, "the token does not have a valid audience"),
        ({"nbf": 9_999_999_999}, "The token is not yet valid (nbf)"),
    ],
)
def test_a_token_with_a_wrong_claim_is_unauthorized(issuer: Issuer, authorizer: Authorizer, claims: dict[str, Any], reason: str) -> None:
    refused = authorizer.check("Bearer " + token(issuer, **claims), ["regulars/read"])
    assert isinstance(refused, Refused)
    assert (refused.status, refused.message) == (401, "Unauthorized")
    assert reason in refused.headers["www-authenticate"]


@pytest.mark.parametrize("header", [None, "", "Bearer ", "Bearer x.y.z", "nonsense"])
def test_no_token_is_unauthorized(authorizer: Authorizer, header: str | None) -> None:
    refused = authorizer.check(header, [])
    assert isinstance(refused, Refused)
    assert (refused.status, refused.message) == (401, "Unauthorized")


def test_another_key_is_unauthorized(issuer: Issuer, authorizer: Authorizer) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = {"iss": ISSUER, "client_id": "regulars-client", "exp": time.time() + 60}
    for key_id in (issuer.key_id, "unknown"):
        forged = pyjwt.encode(claims, key, "RS256", headers={"kid": key_id})
        assert isinstance(authorizer.check(forged, []), Refused)


def test_a_token_without_the_scope_is_forbidden(issuer: Issuer, authorizer: Authorizer) -> None:
    refused = authorizer.check(token(issuer), ["regulars/send", "regulars/privacy"])
    assert isinstance(refused, Refused)
    assert (refused.status, refused.message) == (403, "Forbidden")
    assert refused.headers["www-authenticate"] == ('Bearer scope="regulars/privacy regulars/send" error="insufficient_scope"')
