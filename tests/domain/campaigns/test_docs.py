"""docs/campaigns.md cannot drift from what a campaign may say."""

import json
import re
from pathlib import Path

import pytest

from regulars.domain.campaigns import parse, parse_delivery
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.templates import templates
from regulars.domain.messages.parse import PUSH_FIELDS

PAGE = (Path(__file__).parents[3] / "docs/campaigns.md").read_text()
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE, re.S)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_campaign_whose_texts_render(example: str) -> None:
    assert templates(parse_campaign(json.loads(example)))


@pytest.mark.parametrize("key", [*parse._ROOT, *PUSH_FIELDS, *parse._UNBUILT_ROOT, *parse_delivery.KEYS, *parse_delivery.UNBUILT])
def test_every_key_is_documented(key: str) -> None:
    assert re.search(rf'["`.]{key}[`".]', PAGE), key
