"""The user pool's clients in template.yaml, and those who use them."""

from typing import Any

from cli.browser import CALLBACK_PORTS
from functions.admin.sign_in import SCOPES
from local.platform import SCOPES as LOCAL_SCOPES


def properties(source: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = source["Resources"][name]["Properties"]
    return found


def test_the_user_pool_knows_the_ports_that_the_command_lines_browser_comes_back_to(source: dict[str, Any]) -> None:
    assert properties(source, "BrowserClient")["CallbackURLs"] == [f"http://127.0.0.1:{port}/" for port in CALLBACK_PORTS]


def test_a_public_client_has_no_secret_and_a_code_only_and_its_refresh_tokens_rotate(source: dict[str, Any]) -> None:
    client = properties(source, "BrowserClient")
    assert (client["GenerateSecret"], client["AllowedOAuthFlows"]) == (False, ["code"])
    assert client["RefreshTokenRotation"]["Feature"] == "ENABLED"
    assert "ALLOW_REFRESH_TOKEN_AUTH" not in client["ExplicitAuthFlows"], "Cognito refuses rotation beside it"


def test_both_clients_have_every_scope_and_the_api_accepts_both(source: dict[str, Any]) -> None:
    scopes = [f"regulars/{scope['ScopeName']}" for scope in properties(source, "UserPoolResourceServer")["Scopes"]]
    assert scopes == list(SCOPES) == list(LOCAL_SCOPES)
    for client in ("UserPoolClient", "BrowserClient"):
        assert properties(source, client)["AllowedOAuthScopes"] == scopes
    jwt = properties(source, "Api")["Auth"]["Authorizers"]["Admin"]["JwtConfiguration"]
    assert [each["Ref"] for each in jwt["audience"]] == ["UserPoolClient", "BrowserClient"]
