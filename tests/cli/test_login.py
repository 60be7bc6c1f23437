"""Signing in, end to end against the local user pool, and what becomes of the tokens."""

import json
import socket
import stat
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner, Result

from cli import browser, login, oauth
from cli.contexts import RefreshToken, load_contexts, save_context
from cli.errors import CommandError
from cli.program import app
from local.runtime.http import FrontDoor
from tests.cli.conftest import FakeApi
from tests.cli.installation import WHO, Installation, open_installation
from tests.cli.installation import browser as opened_by

SECRET = "s3cret&+"


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=stdin)


def sign_in(at: Installation, *arguments: str) -> Result:
    return run("login", "--api", at.address, "--name", "shop", *arguments, stdin=f"{SECRET}\n")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Installation, FrontDoor]]:
    port = free_port()
    monkeypatch.setattr(browser, "CALLBACK_PORTS", (port,))
    opened = open_installation((f"http://127.0.0.1:{port}/",))
    yield opened
    opened[1].stop()


@pytest.fixture
def shop(door: tuple[Installation, FrontDoor]) -> Installation:
    return door[0]


def test_a_program_signs_in_and_later_commands_need_nothing(shop: Installation, contexts: Path) -> None:
    done = sign_in(shop)
    assert (done.exit_code, done.stdout) == (0, f"regulars talks to {shop.address} now, as program operator (context shop)\n")
    assert run("segment", "list").exit_code == 0
    assert stat.S_IMODE(contexts.stat().st_mode) == 0o600
    assert stat.S_IMODE(contexts.parent.stat().st_mode) == 0o700


def test_nothing_that_is_printed_holds_a_secret(shop: Installation) -> None:
    printed = sign_in(shop).output + sign_in(shop, "--json").output
    for command in (("list",), ("list", "--json"), ("show",), ("show", "--json"), ("use", "shop")):
        printed += run("context", *command).output
    context = load_contexts().named("shop")
    assert "shop" in printed
    assert not any(secret in printed + repr(context) for secret in (SECRET, context.token))


def test_the_secret_is_asked_for_without_echo_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("getpass.getpass", lambda prompt: f"typed at {prompt}")
    assert login._secret("operator") == "typed at Secret of the client operator:"


def test_no_secret_or_a_wrong_one_keeps_nothing_and_says_where_it_is(shop: Installation) -> None:
    for given, code in (("\n", "no_secret"), ("wrong\n", "invalid_client")):
        done = run("login", "--api", shop.address, "--json", stdin=given)
        error = json.loads(done.stderr)
        assert (done.exit_code, error["code"]) == (1, code)
        assert "describe-user-pool-client" in error["message"]
    assert not load_contexts().by_name


def test_an_address_without_an_installation_is_told(api: FakeApi) -> None:
    api.on("GET", "/admin/openapi.json", {"openapi": "3.1.0"})
    assert "does not say how one signs in" in run("login", "--api", api.address).stderr
    assert "cannot reach" in run("login", "--api", "http://127.0.0.1:1").stderr


def test_a_token_near_its_end_is_renewed_before_it_is_used() -> None:
    shop, door = open_installation((), access_seconds=30)
    try:
        sign_in(shop)
        first = load_contexts().named("shop").token
        assert run("segment", "list").exit_code == 0
        assert shop.tokens[-1] == load_contexts().named("shop").token != first
    finally:
        door.stop()


def test_a_refused_token_is_renewed_once(shop: Installation) -> None:
    sign_in(shop)
    shop.restart()
    assert run("segment", "list").exit_code == 0
    assert len(set(shop.tokens)) == 2
    shop.restart()
    shop.pool._clients.clear()
    done = run("segment", "list")
    assert (done.exit_code, f"regulars login --api {shop.address} --name shop" in done.stderr) == (1, True)


def test_a_person_signs_in_with_the_browser_and_stays_so(shop: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", opened_by(lambda address: address))
    done = sign_in(shop, "--browser")
    assert (done.exit_code, "as a person" in done.stdout) == (0, True)
    before = load_contexts().named("shop").grant
    shop.restart()
    assert run("segment", "list").exit_code == 0
    after = load_contexts().named("shop").grant
    assert isinstance(before, RefreshToken) and isinstance(after, RefreshToken)
    assert before.refresh_token != after.refresh_token, "it is rotated"


def test_another_pages_answer_is_not_taken_for_the_browsers(shop: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def forged(address: str) -> str:
        return f"{parse_qs(urlsplit(address).query)['redirect_uri'][0]}?code=stolen&state=guessed"

    monkeypatch.setattr("webbrowser.open", opened_by(lambda address: forged(address).replace("/?", "/favicon.ico?"), forged, lambda address: address))
    assert sign_in(shop, "--browser").exit_code == 0


def test_a_refusal_by_the_user_pool_is_told(shop: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", opened_by(lambda address: address.replace("S256", "plain")))
    done = sign_in(shop, "--browser", "--json")
    assert (done.exit_code, json.loads(done.stderr.splitlines()[-1])["code"]) == (1, "invalid_request")


def test_where_no_browser_opens_the_address_is_printed(shop: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    open_it = opened_by(lambda address: address)
    monkeypatch.setattr("webbrowser.open", lambda address: not open_it(address))
    done = sign_in(shop, "--browser")
    assert f"else open in one of this machine:\n\n  {shop.address}/oauth2/authorize?response_type=code" in done.stderr


def test_no_free_port_to_come_back_to_is_told(monkeypatch: pytest.MonkeyPatch, shop: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(browser, "CALLBACK_PORTS", (taken.getsockname()[1],))
        assert "without --browser" in sign_in(shop, "--browser").stderr


def test_pkce_is_that_of_the_rfc() -> None:
    """RFC 7636, appendix B."""
    assert browser.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_secret_never_goes_over_an_open_line() -> None:
    with pytest.raises(CommandError, match="no place to send a secret"):
        oauth.ask_for_token("http://sign-in.example/oauth2/token", {})


def test_a_contexts_token_goes_to_its_own_address_only(shop: Installation, api: FakeApi) -> None:
    sign_in(shop)
    api.on("GET", "/admin/segments", {"segments": []})
    assert run("segment", "list", "--api", api.address).exit_code == 0
    assert api.authorizations == ["Bearer "]
    assert run("segment", "list", "--api", f"{shop.address}/").exit_code == 0
    assert shop.tokens[-1] == load_contexts().named("shop").token


def test_a_given_token_goes_where_the_current_context_is(api: FakeApi) -> None:
    save_context("other", api=api.address, token="kept")
    api.on("GET", "/admin/segments", {"segments": []})
    assert run("segment", "list", "--token", "mine").exit_code == 0
    assert api.authorizations == ["Bearer mine"]


def test_a_browser_that_stays_in_the_terminal_until_it_has_come_back_does_not_stand_in_the_way(
    shop: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_the_foreground(address: str) -> bool:
        """As lynx is: it returns when the page that it was sent back to has been read."""
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{address}&{WHO}", timeout=10).close()
        return True

    monkeypatch.setattr("webbrowser.open", in_the_foreground)
    assert sign_in(shop, "--browser").exit_code == 0


def test_a_context_that_up_would_replace_cannot_be_a_login(shop: Installation) -> None:
    done = run("login", "--api", shop.address, "--name", "local", stdin=f"{SECRET}\n")
    assert done.exit_code == 1 and "the context of `regulars up`" in done.stderr


def test_once_the_current_context_is_forgotten_nobody_is_talked_to_by_chance() -> None:
    save_context("shop", api="http://127.0.0.1:1", token="t")
    save_context("other", api="http://127.0.0.1:2", token="t")
    run("context", "remove", "other")
    done = run("segment", "list")
    assert done.exit_code == 1 and "there is no current context; there are: shop" in done.stderr
