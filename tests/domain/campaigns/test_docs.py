"""docs/campaigns.md cannot drift from what a campaign may say."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulars.domain.campaigns import parse
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.parse_schedule import SCHEDULE_FIELDS, read_schedule
from regulars.domain.campaigns.templates import templates
from regulars.domain.collection.consent_calls import told_traits
from regulars.domain.delivery.gates import ConsentGate
from regulars.domain.delivery.parse import DELIVERY_KEYS
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.language import Value
from regulars.domain.messages.parse import PUSH_FIELDS
from regulars.domain.people.consents import ConsentTo
from regulars.domain.settings import parse_settings

PAGE = (Path(__file__).parents[3] / "docs/campaigns.md").read_text()
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE, re.S)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_campaign_whose_texts_render(example: str) -> None:
    assert templates(parse_campaign(json.loads(example)))


@pytest.mark.parametrize("key", [*parse._ROOT, *PUSH_FIELDS, *SCHEDULE_FIELDS, *DELIVERY_KEYS])
def test_every_key_is_documented(key: str) -> None:
    assert re.search(rf'["`.]{key}[`".]', PAGE), key


@pytest.mark.parametrize("cron", re.findall(r"`([0-9][^`|]* \? [^`|]*)`", PAGE))
def test_every_cron_in_it_is_one(cron: str) -> None:
    assert read_schedule(Value({"cron": cron}, InvalidCampaignError)).next(datetime(2026, 11, 26, tzinfo=UTC))


@pytest.mark.parametrize("example", re.findall(r"```json settings\n(.*?)```", PAGE, re.S))
def test_every_example_of_settings_can_be_put(example: str) -> None:
    assert parse_settings(json.loads(example)).purposes


def test_the_call_that_is_shown_says_yes() -> None:
    (example,) = re.findall(r"```json call\n(.*?)```", PAGE, re.S)
    call = json.loads(example)
    assert ConsentTo("marketing").of(told_traits(call["event"], call["properties"], {})) is True


@pytest.mark.parametrize(("traits", "gets_it", "because"), re.findall(r"^\| `(\{.*\})` \| (yes|no) \| (?:`(\w+)`)? ?\|$", PAGE, re.M))
def test_who_gets_it_is_as_the_table_says(traits: str, gets_it: str, because: str) -> None:
    assert (gets_it == "yes") == (because == "")
    assert ConsentGate("marketing", needs_yes=True).against(json.loads(traits)) == because


def test_the_table_has_examples_of_both() -> None:
    assert {"yes", "no"} <= set(re.findall(r"^\| `\{.*\}` \| (yes|no) \|", PAGE, re.M))
