"""The upkeep handler over its real payload."""

import json
from pathlib import Path

from functions.upkeep.handler import lambda_handler
from regulars import wiring
from tests.usecases.test_upkeep import scripted

EVENTS = Path(__file__).parents[2] / "events/upkeep"


def test_it_answers_with_the_statements_of_the_night() -> None:
    wiring.install(queries=scripted())
    try:
        answer = lambda_handler(json.loads((EVENTS / "night.json").read_text()), object())  # type: ignore[arg-type]
    finally:
        wiring.install()
    assert (len(answer["optimize"]), len(answer["vacuum"]), answer["left"]) == (4, 7, 0)
