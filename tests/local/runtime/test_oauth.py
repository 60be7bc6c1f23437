"""The local user pool answers as Amazon Cognito's endpoints do."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from local.resources.model import OAuthClient
from local.runtime.http_events import Answer, Request
from local.runtime.jwt import Authorizer, Granted, Issuer
from local.runtime.oauth import CODE_SECONDS, UserPool
from local.runtime.sign_in_page import PEOPLE, Person

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/pool"
SCOPES = ("regulars/read", "regulars/send")
PROGRAM = OAuthClient("program", "a secret+", ("client_credentials",), SCOPES, (), (), 3600, 0, None)
PERSON = OAuthClient("person", None, ("code",), SCOPES, ("http://127.0.0.1:8411/",), ("http://127.0.0.1:8411/",), 900, 7200, 60)
LASTING = OAuthClient("lasting", None, ("code",), SCOPES, ("http://127.0.0.1:8411/",), ("http://127.0.0.1:8411/",), 900, 7200, None)
VERIFIER = "v" * 43


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def pool(issuer: Issuer, clock: Clock) -> UserPool:
    return UserPool([PROGRAM, PERSON, LASTING], issuer, ISSUER, clock)


def basic(name: str, secret: str) -> list[tuple[str, str]]:
    return [("authorization", "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode())]


def ask(pool: UserPool, headers: list[tuple[str, str]] | None = None, **form: str) -> tuple[int, dict[str, Any]]:
    answer = pool.handle(Request("POST", "/oauth2/token", "", headers or [], urlencode(form).encode(), "127.0.0.1"))
    assert answer is not None
    return answer.status, json.loads(answer.body)


def authorize(pool: UserPool, **changes: str) -> Answer:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": "person",
        "redirect_uri": "http://127.0.0.1:8411/",
        "state": "s",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": "mara",
        **changes,
    }
    answer = pool.handle(Request("GET", "/oauth2/authorize", urlencode(asked), [], b"", "127.0.0.1"))
    assert answer is not None
    return answer


def sent_back(answer: Answer) -> dict[str, str]:
    assert answer.status == 302
    return {name: values[0] for name, values in parse_qs(urlsplit(dict(answer.headers)["location"]).query).items()}


def redeem(pool: UserPool, code: str, **changes: str) -> tuple[int, dict[str, Any]]:
    form = {"client_id": "person", "redirect_uri": "http://127.0.0.1:8411/", "code_verifier": VERIFIER, "code": code}
    return ask(pool, grant_type="authorization_code", **{**form, **changes})


def claims(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def test_a_program_gets_a_token_that_the_api_accepts(pool: UserPool, issuer: Issuer) -> None:
    status, answer = ask(pool, basic("program", "a+secret%2B"), grant_type="client_credentials")
    assert (status, set(answer), answer["expires_in"]) == (200, {"access_token", "expires_in", "token_type"}, 3600)
    assert isinstance(Authorizer(ISSUER, ["program"], issuer.keys).check(f"Bearer {answer['access_token']}", ["regulars/send"]), Granted)


def test_a_program_may_ask_for_fewer_scopes_and_for_none_that_it_may_not_have(pool: UserPool) -> None:
    form = {"grant_type": "client_credentials", "client_id": "program", "client_secret": "a secret+"}
    assert claims(ask(pool, scope="regulars/read", **form)[1]["access_token"])["scope"] == "regulars/read"
    assert ask(pool, scope="regulars/privacy", **form) == (400, {"error": "invalid_scope"})


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "client_credentials", "client_id": "program", "client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "program"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "nobody"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "person"}, "unauthorized_client"),
        ({"grant_type": "password", "client_id": "person"}, "unsupported_grant_type"),
        ({"client_id": "person"}, "invalid_request"),
        ({"grant_type": "authorization_code", "client_id": "person"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "client_id": "person", "refresh_token": "made up"}, "invalid_grant"),
    ],
)
def test_what_is_refused_has_cognitos_error(pool: UserPool, form: dict[str, str], error: str) -> None:
    assert ask(pool, **form) == (400, {"error": error})


def test_a_header_that_is_no_credential_is_refused(pool: UserPool) -> None:
    assert ask(pool, [("Authorization", "Basic ?")], grant_type="client_credentials") == (400, {"error": "invalid_client"})


def test_a_person_comes_back_with_a_code_and_gets_tokens_in_their_own_name(pool: UserPool) -> None:
    back = sent_back(authorize(pool, login_hint="mara"))
    assert back["state"] == "s"
    status, answer = redeem(pool, back["code"])
    assert (status, answer["expires_in"]) == (200, 900)
    found = claims(answer["access_token"])
    assert (found["username"], found["client_id"], found["token_use"], found["scope"]) == ("mara", "person", "access", " ".join(SCOPES))
    assert found["sub"] != "mara"


def test_a_code_is_good_once_and_for_five_minutes(pool: UserPool, clock: Clock) -> None:
    code = sent_back(authorize(pool))["code"]
    assert redeem(pool, code)[0] == 200
    assert redeem(pool, code) == (400, {"error": "invalid_grant"})
    late = sent_back(authorize(pool))["code"]
    clock.now += CODE_SECONDS + 1
    assert redeem(pool, late) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize("changes", [{"code_verifier": "w" * 43}, {"redirect_uri": "http://127.0.0.1:8412/"}, {"client_id": "lasting"}])
def test_a_code_is_good_for_whoever_asked_for_it_only(pool: UserPool, changes: dict[str, str]) -> None:
    assert redeem(pool, sent_back(authorize(pool))["code"], **changes) == (400, {"error": "invalid_grant"})


def test_a_code_that_was_asked_for_without_pkce_is_not_redeemed_with_it(pool: UserPool) -> None:
    assert redeem(pool, sent_back(authorize(pool, code_challenge=""))["code"]) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    "changes", [{"redirect_uri": "http://127.0.0.1:8411/other"}, {"redirect_uri": "https://evil.example/"}, {"client_id": "nobody"}]
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(pool: UserPool, changes: dict[str, str]) -> None:
    answer = authorize(pool, **changes)
    assert (answer.status, "location" in dict(answer.headers)) == (400, False)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unauthorized_client"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "regulars/privacy"}, "invalid_scope"),
    ],
)
def test_the_application_is_told_what_was_wrong(pool: UserPool, changes: dict[str, str], error: str) -> None:
    assert sent_back(authorize(pool, **changes)) == {"state": "s", "error": error}


def test_a_refresh_token_is_replaced_by_its_use_and_outlives_it_by_the_grace_period(pool: UserPool, clock: Clock) -> None:
    first = redeem(pool, sent_back(authorize(pool))["code"])[1]["refresh_token"]

    def refreshed(token: str) -> tuple[int, dict[str, Any]]:
        return ask(pool, grant_type="refresh_token", client_id="person", refresh_token=token)

    second = refreshed(first)[1]["refresh_token"]
    assert second != first
    assert refreshed(first)[0] == 200, "a retry"
    clock.now += 61
    assert refreshed(first) == (400, {"error": "invalid_grant"})
    assert refreshed(second)[0] == 200
    clock.now += 7200
    assert refreshed(refreshed(second)[1].get("refresh_token", "")) == (400, {"error": "invalid_grant"}), "a sign-in ends"


def test_without_rotation_the_refresh_token_stays(pool: UserPool) -> None:
    code = sent_back(authorize(pool, client_id="lasting"))["code"]
    token = redeem(pool, code, client_id="lasting")[1]["refresh_token"]
    for _ in range(2):
        status, answer = ask(pool, grant_type="refresh_token", client_id="lasting", refresh_token=token)
        assert (status, "refresh_token" in answer) == (200, False)


def test_other_paths_are_not_the_pools(pool: UserPool) -> None:
    unknown: Callable[[str, str], Answer | None] = lambda method, path: pool.handle(Request(method, path, "", [], b"", ""))  # noqa: E731
    assert [unknown("POST", "/v1/track"), unknown("GET", "/oauth2/token"), unknown("PUT", "/oauth2/authorize")] == [None] * 3


def test_whoever_does_not_say_who_they_are_is_asked_on_a_page_without_a_script_and_sent_back(pool: UserPool) -> None:
    page = authorize(pool, login_hint="")
    assert page.status == 200
    assert all(person.name.encode() in page.body for person in PEOPLE)
    assert b"<script" not in page.body
    asked = "response_type=code&client_id=person&redirect_uri=http%3A%2F%2F127.0.0.1%3A8411%2F&state=s"
    chosen = pool.handle(Request("POST", "/oauth2/authorize", asked, [], b"username=otto", "127.0.0.1"))
    assert chosen is not None
    assert set(sent_back(chosen)) == {"state", "code"}


@pytest.mark.parametrize("person", PEOPLE)
def test_a_persons_token_says_their_group(pool: UserPool, issuer: Issuer, person: Person) -> None:
    token = redeem(pool, sent_back(authorize(pool, login_hint=person.username))["code"])[1]["access_token"]
    granted = Authorizer(ISSUER, ["person"], issuer.keys).check(token, [])
    assert isinstance(granted, Granted)
    assert granted.context["jwt"]["claims"]["cognito:groups"] == f"[{person.group}]"


def test_signing_out_leads_back_where_the_client_may_go_and_nowhere_else(pool: UserPool) -> None:
    def sign_out(uri: str) -> Answer:
        answer = pool.handle(Request("GET", "/logout", urlencode({"client_id": "person", "logout_uri": uri}), [], b"", ""))
        assert answer is not None
        return answer

    assert dict(sign_out("http://127.0.0.1:8411/").headers)["location"] == "http://127.0.0.1:8411/"
    assert sign_out("https://elsewhere.example/").status == 400


def test_a_revoked_refresh_token_ends_all_of_its_sign_in_and_no_other(pool: UserPool) -> None:
    first = redeem(pool, sent_back(authorize(pool))["code"])[1]["refresh_token"]
    other = redeem(pool, sent_back(authorize(pool))["code"])[1]["refresh_token"]
    second = ask(pool, grant_type="refresh_token", client_id="person", refresh_token=first)[1]["refresh_token"]
    answer = pool.handle(Request("POST", "/oauth2/revoke", "", [], urlencode({"token": second, "client_id": "person"}).encode(), ""))
    assert answer is not None
    assert answer.status == 200
    ended = [ask(pool, grant_type="refresh_token", client_id="person", refresh_token=token)[0] for token in (first, second, other)]
    assert ended == [400, 400, 200]
