"""docs/quarantine.md cannot drift from what a repair may say."""

import json
import re
from pathlib import Path

import pytest

from regulars.domain.quarantine import repair_document
from regulars.domain.quarantine.casts import CASTS
from regulars.domain.quarantine.repair_document import read_repair

PAGE = (Path(__file__).parents[3] / "docs/quarantine.md").read_text()
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE, re.S)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_repair(example: str) -> None:
    assert read_repair(json.loads(example))


@pytest.mark.parametrize("word", [*repair_document._VERBS, *CASTS])
def test_every_step_and_every_type_is_documented(word: str) -> None:
    assert f"`{word}`" in PAGE
