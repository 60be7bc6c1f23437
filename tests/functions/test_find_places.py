"""The find_places handler over its real payload."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from functions.find_places.handler import lambda_handler
from regulars import wiring
from regulars.domain.collection.source import Source, digest_of
from regulars.domain.places.earth import Point
from regulars.domain.places.place import Place
from tests.fakes.clock import MovableClock
from tests.fakes.stores import MemorySources

EVENTS = Path(__file__).parents[2] / "events" / "find_places"
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def one_shop() -> Iterator[None]:
    keys = MemorySources(Source.created("app", digest_of("demo-key"), at=NOW))
    shop = Place("shops", "soho", "Soho", Point(51.513, -0.131), 300.0)
    wiring.install(write_keys=keys, current_places=lambda: [shop], clock=MovableClock(NOW))
    yield
    wiring.install()


def answer(**query: str) -> tuple[int, Any, Any]:
    event = json.loads((EVENTS / "near.json").read_text())
    event["queryStringParameters"] |= query
    response = lambda_handler(event, None)
    return response["statusCode"], json.loads(response["body"]), response["headers"]


def test_a_telephone_is_told_what_to_watch_and_when_to_ask_again() -> None:
    status, body, headers = answer()
    assert status == 200 and headers["cache-control"] == "private, max-age=3600"
    assert body == {
        "places": [{"places": "shops", "place_id": "soho", "name": "Soho", "lat": 51.513, "lon": -0.131, "radius_m": 300.0}],
        "refresh": {"lat": 51.51, "lon": -0.13, "radius_m": 100_000},
    }


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"near": "51.5131,-0.1312"}, 400, "invalid_request"),
        ({"near": ""}, 400, "invalid_request"),
        ({"writeKey": "nobodys"}, 401, "unknown_write_key"),
    ],
)
def test_what_is_refused_says_why(query: dict[str, str], status: int, code: str) -> None:
    assert (answer(**query)[0], answer(**query)[1]["code"]) == (status, code)


def test_where_somebody_is_stands_in_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    answer()
    answer(near="51.5131,-0.1312")
    assert "51.5" not in "".join(capsys.readouterr())
