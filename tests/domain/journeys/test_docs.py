"""docs/journeys.md cannot drift from what a journey may say."""

import json
import re
from pathlib import Path

import pytest

from regulars.domain.journeys.parse import ROOT, parse_journey
from regulars.domain.journeys.parse_entry import ENTRY_KINDS
from regulars.domain.journeys.parse_steps import KINDS
from regulars.domain.journeys.trial_document import DOES, FATES, PERSON_KEYS, read_trial
from regulars.domain.journeys.trial_document import ROOT as TRIAL_ROOT
from tests.domain.journeys.documents import EXAMPLES

PAGE = (Path(__file__).parents[3] / "docs/journeys.md").read_text()


def test_every_example_is_a_journey() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.S)
    assert parse_journey(json.loads(example)).id == "abandoned-cart"


def test_every_example_of_a_test_can_be_tried() -> None:
    (example,) = re.findall(r"```json test\n(.*?)```", PAGE, re.S)
    assert read_trial(json.loads(example), [("abandoned-cart", parse_journey(EXAMPLES["abandoned-cart"]))])[0]


@pytest.mark.parametrize("key", [*ROOT, *KINDS, *(key for kind in KINDS.values() for key in kind.beside), *ENTRY_KINDS, "max_age", "key", "while_in"])
def test_every_key_is_documented(key: str) -> None:
    assert re.search(rf'["`]{key}["`]', PAGE), key


@pytest.mark.parametrize("key", [*TRIAL_ROOT, *PERSON_KEYS, *DOES, *FATES, "received"])
def test_every_key_of_a_test_is_documented(key: str) -> None:
    assert re.search(rf'["`]{key}["`]', PAGE), key
