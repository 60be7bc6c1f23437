import time

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from local.fcm import FcmDouble
from tests.local.fcm.client import Client


def test_a_signed_assertion_gets_a_token_that_may_send(double: FcmDouble) -> None:
    answer = Client(double).mint()
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["expires_in"] == 3599
    assert Client(double).authorize().send().status_code == 200


def test_the_audience_that_google_auth_signs_for_is_accepted(double: FcmDouble) -> None:
    assert Client(double).mint(aud="https://oauth2.googleapis.com/token").status_code == 200


NOW = int(time.time())


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody@else.iam.gserviceaccount.com"},
        {"aud": "https://example.com"},
        {"scope": "https://www.googleapis.com/auth/drive"},
        {"scope": None},
        {"exp": NOW + 7200},
        {"iat": NOW - 7200, "exp": NOW - 3700},
        {"exp": None},
    ],
)
def test_an_assertion_with_wrong_claims_gets_nothing(double: FcmDouble, changes: dict[str, object]) -> None:
    answer = Client(double).mint(**changes)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_an_assertion_signed_by_another_key_gets_nothing(double: FcmDouble) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    assert Client(double).mint(key=pem.decode()).json()["error"] == "invalid_grant"


def test_another_grant_is_not_supported(double: FcmDouble) -> None:
    answer = Client(double).http.post("/token", data={"grant_type": "password"})
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_a_revoked_token_may_not_send_any_more(double: FcmDouble) -> None:
    client = Client(double).authorize()
    double.admin("POST", "revoke")
    assert client.send().status_code == 401
