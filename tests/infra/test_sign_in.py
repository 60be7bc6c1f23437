"""The user pool's clients in template.yaml, and those who use them."""

from typing import Any

from cli.browser import CALLBACK_PORTS
from functions.admin.sign_in import SCOPES
from local.platform import SCOPES as LOCAL_SCOPES
from local.runtime.sign_in_page import PEOPLE
from regulars.domain.access import GROUPS


def properties(source: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = source["Resources"][name]["Properties"]
    return found


def test_the_user_pool_knows_the_ports_that_the_command_lines_browser_comes_back_to(source: dict[str, Any]) -> None:
    callbacks = properties(source, "BrowserClient")["CallbackURLs"]
    assert [url for url in callbacks if isinstance(url, str)] == [f"http://127.0.0.1:{port}/" for port in CALLBACK_PORTS]


def test_the_console_is_signed_in_to_and_out_of_where_the_parameter_says_it_is(source: dict[str, Any]) -> None:
    client, console = properties(source, "BrowserClient"), {"Fn::If": ["HasConsole", {"Ref": "ConsoleUrl"}, {"Ref": "AWS::NoValue"}]}
    assert client["CallbackURLs"][-1] == console
    assert client["LogoutURLs"] == [console]


def test_the_user_pool_has_the_groups_that_rights_are_given_to_and_each_has_a_person_of_this_machine(source: dict[str, Any]) -> None:
    groups = {each["Properties"]["GroupName"] for each in source["Resources"].values() if each["Type"] == "AWS::Cognito::UserPoolGroup"}
    assert groups == set(GROUPS) == {person.group for person in PEOPLE}


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
