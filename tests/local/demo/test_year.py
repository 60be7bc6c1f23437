"""The retailer's year beside an API: begun once, told how far it is, and begun by nobody's page but ours."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from cli.errors import CommandError
from local.demo import year as the_year
from local.demo.households import EVENTS
from local.demo.stage import Stage
from local.demo.year import RetailersYear
from local.demo.year_route import PATH, WithYear
from local.runtime.http_events import Answer, Request

JSON = [("Content-Type", "application/json")]


class Api:
    def handle(self, request: Request) -> Answer:
        return Answer(404, (), b"the API's own")


class Shop:
    """What is sent, as far as a test lets it go on."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.flushes = 0
        self.goes_on = threading.Event()
        self.refusal = ""

    def shop(self, stage: Stage, households: int) -> Iterator[tuple[int, int]]:
        self.asked.append(households)
        yield 300, 1000
        self.goes_on.wait(10)
        if self.refusal:
            raise CommandError(self.refusal)
        yield 600, 2000

    def regulars(self, stage: Stage, *arguments: str) -> str:
        self.flushes += arguments == ("flush",)
        return ""


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    made = Shop()
    monkeypatch.setattr(the_year, "shop", made.shop)
    monkeypatch.setattr(the_year, "regulars", made.regulars)
    monkeypatch.setattr(the_year, "data_folder", lambda: None)
    return made


@pytest.fixture
def api(shop: Shop) -> WithYear:
    return WithYear(RetailersYear(lambda: Stage("http://127.0.0.1:1", "token", "key")), Api())


def ask(api: WithYear, method: str, body: bytes = b"", headers: Any = JSON, path: str = PATH) -> tuple[int, Any]:
    answer = api.handle(Request(method, path, "", headers, body, "127.0.0.1"))
    return answer.status, json.loads(answer.body) if answer.headers else answer.body


def over(api: WithYear) -> Any:
    for thread in threading.enumerate():
        if thread.name == "retailers-year":
            thread.join(10)
    return ask(api, "GET")[1]


def test_it_is_begun_once_however_often_somebody_asks(api: WithYear, shop: Shop) -> None:
    assert ask(api, "GET") == (200, {"state": "none", "events": 0, "of": None, "message": ""})
    assert ask(api, "POST")[1]["of"] == EVENTS
    assert ask(api, "POST", b"{}")[0] == 202
    shop.goes_on.set()
    assert over(api) == {"state": "ready", "events": 600, "of": EVENTS, "message": ""}
    assert ask(api, "POST")[1]["state"] == "ready"
    assert (len(shop.asked), shop.flushes) == (1, 1)


def test_what_failed_says_why_and_can_be_begun_again(api: WithYear, shop: Shop) -> None:
    shop.refusal = "503: full"
    shop.goes_on.set()
    assert ask(api, "POST", b'{"households": 7}')[1]["of"] is None
    assert over(api) | {"of": None} == {"state": "failed", "events": 300, "of": None, "message": "503: full"}
    shop.refusal = ""
    ask(api, "POST", b'{"households": 7}')
    assert over(api)["state"] == "ready"
    assert shop.asked == [7, 7]


def test_a_page_of_another_site_begins_nothing(api: WithYear, shop: Shop) -> None:
    assert ask(api, "POST", b"{}", [("content-type", "text/plain")])[0] == 415
    assert ask(api, "POST", b"{}", [])[0] == 415
    assert shop.asked == []


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"households": 0}', b'{"households": true}', b'{"households": 9999}', b'{"households": "7"}'])
def test_what_is_no_number_of_households_is_refused(api: WithYear, shop: Shop, body: bytes) -> None:
    assert ask(api, "POST", body)[0] == 400
    assert ask(api, "DELETE")[0] == 405


def test_all_else_is_the_apis(api: WithYear) -> None:
    assert ask(api, "GET", path="/admin/segments") == (404, b"the API's own")
