"""The function that serves the console, on requests as API Gateway sends them."""

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.console import handler
from regulars import wiring
from regulars.config import Config

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "events/console"


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    variables = {
        "CONSOLE_PAGE": str(ROOT / "console/index.html"),
        "CONSOLE_URL": "https://api.example/console",
        "SIGN_IN_URL": "https://sign-in.example",
        "BROWSER_CLIENT": "browser",
    }
    wiring.install(config=Config(variables))
    yield
    wiring.install()


def ask(name: str, path: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    event["rawPath"] = path or event["rawPath"]
    event["headers"] |= {key.replace("_", "-"): value for key, value in headers.items()}
    answer = handler.lambda_handler(event, None)
    body = base64.b64decode(answer["body"])
    return answer["statusCode"], answer["headers"], gzip.decompress(body) if answer["headers"].get("content-encoding") == "gzip" else body


@pytest.mark.parametrize("name", ["start", "deep_link"])
def test_every_address_of_a_screen_is_the_page(name: str) -> None:
    status, headers, body = ask(name)
    assert (status, headers["content-type"], headers["cache-control"]) == (200, "text/html; charset=utf-8", "no-cache")
    assert body == (ROOT / "console/index.html").read_bytes()
    assert "require-trusted-types-for 'script'" in headers["content-security-policy"]


def test_a_file_comes_compressed_and_the_second_time_not_at_all() -> None:
    status, headers, body = ask("script")
    assert (status, headers["content-encoding"], headers["content-type"]) == (200, "gzip", "text/javascript; charset=utf-8")
    assert body.endswith(b"};\n") and b"NotSignedIn" in body
    for known in (headers["etag"], f"W/{headers['etag']}", f'"other", {headers["etag"]}'):
        assert ask("script", if_none_match=known)[::2] == (304, b"")
    assert ask("script", if_none_match='"other"')[0] == 200


def test_whoever_takes_no_gzip_gets_the_same_bytes_plain() -> None:
    status, headers, body = ask("script", accept_encoding="identity")
    assert (status, "content-encoding" in headers, body) == (200, False, ask("script")[2])


def test_a_module_that_is_joined_with_others_is_no_file_of_its_own() -> None:
    assert ask("script", "/console/parts/html.js")[0] == 404


@pytest.mark.parametrize("path", ["", "/console/parts/none.js", "/console/../python/regulars/config.py"])
def test_what_is_no_file_of_the_console_is_refused_in_words_and_with_the_same_policy(path: str) -> None:
    status, headers, body = ask("way_out", path)
    assert (status, headers["content-type"], headers["cache-control"]) == (404, "text/plain; charset=utf-8", "no-store")
    assert b"There is no file" in body
    assert "content-security-policy" in headers


def test_where_one_signs_in_is_this_installations() -> None:
    status, headers, body = ask("script", "/console/config.json")
    assert (status, headers["content-type"]) == (200, "application/json")
    assert json.loads(body) == {"sign_in_url": "https://sign-in.example", "client_id": "browser", "console_url": "https://api.example/console"}
