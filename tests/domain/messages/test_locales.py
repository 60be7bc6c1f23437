"""In which language somebody is told a message."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.campaigns.acceptance import check_messages
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.templates import templates
from regulars.domain.collection.device import PushTarget
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.messages.locales import chosen
from regulars.domain.messages.rendering import Addressee, Occasion, Unsendable

MOMENT = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)
PUSH: dict[str, Any] = {
    "title": "Hi {{ person.traits.name }}",
    "body": "10 % off",
    "locale": "en",
    "data": {"offer": "ten", "word": "off"},
    "apns": {"payload": {"aps": {"alert": {"subtitle": "Today"}, "badge": 1}}},
    "locales": {
        "fr": {
            "title": "Salut {{ person.traits.name }}",
            "body": "10 % de moins",
            "data": {"word": "moins"},
            "apns": {"payload": {"aps": {"alert": {"subtitle": "Aujourd'hui"}}}},
        },
        "pt-BR": {"title": "Oi", "body": "10 % a menos", "deep_link": "shop://br"},
    },
}


def document(**push: Any) -> dict[str, Any]:
    return {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {**PUSH, **push}}}


def told(device_locale: str = "", **traits: Any) -> dict[str, Any]:
    template = templates(parse_campaign(document()))["treated"]
    body = template.render(
        Addressee("ann", PushTarget("token", "t"), {"name": "Ann", **traits}, "m1", locale=device_locale), Occasion("r", MOMENT, MOMENT)
    )
    assert isinstance(body, bytes)
    message: dict[str, Any] = json.loads(body)["message"]
    return message


@pytest.mark.parametrize(
    ("locale", "traits", "body"),
    [
        ("fr-CA", {}, "10 % de moins"),
        ("FR_fr.UTF-8", {}, "10 % de moins"),
        ("pt-BR", {}, "10 % a menos"),
        ("pt-PT", {}, "10 % off"),
        ("en-US", {"language": "fr"}, "10 % off"),
        ("de-AT", {"language": "fr"}, "10 % de moins"),
        ("", {"locale": "pt_BR", "language": "fr"}, "10 % a menos"),
        ("", {"locale": ["fr"], "language": None}, "10 % off"),
        ("", {}, "10 % off"),
    ],
)
def test_the_devices_language_counts_then_the_persons_then_the_pushs_own(locale: str, traits: dict[str, Any], body: str) -> None:
    assert told(locale, **traits)["notification"]["body"] == body


def test_a_language_says_what_is_other_in_it_and_the_rest_is_the_pushs() -> None:
    message = told("fr")
    assert message["notification"] == {"title": "Salut Ann", "body": "10 % de moins"}
    assert (message["data"]["offer"], message["data"]["word"]) == ("ten", "moins")
    assert message["apns"]["payload"]["aps"] == {"alert": {"subtitle": "Aujourd'hui"}, "badge": 1}


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("zh-Hant-TW", "zh-hant"),
        ("zh-TW", "zh-hant"),
        ("zh-CN", "zh"),
        ("iw-IL", "he"),
        ("nb-NO", "no"),
        ("en-US@rg=dezzzz", "en"),
        ("fr-x-private", "fr"),
        ("e", None),
        ("", None),
    ],
)
def test_a_tag_finds_the_nearest_that_is_there(tag: str, found: str | None) -> None:
    assert chosen({one: one for one in ("zh", "zh-hant", "he", "no", "en", "fr")}, [tag]) == found


@pytest.mark.parametrize(
    ("push", "field", "said"),
    [
        ({"locales": {"pt_BR": {"title": "Oi"}}}, "message.push.locales.pt_BR", 'such as "fr" or "pt-BR"'),
        ({"locales": {"fr": {"title": "x"}, "FR": {"title": "y"}}}, "message.push.locales.FR", "the same language as `fr`"),
        ({"locales": {"en": {"title": "x"}}}, "message.push.locales.en", "the same language as `locale`"),
        ({"locales": {"fr": {"titel": "x"}}}, "message.push.locales.fr.titel", "did you mean `title`?"),
        ({"locales": {"fr": {"ttl": "60s"}}}, "message.push.locales.fr.ttl", "is the same in every language"),
        ({"locales": {"fr": {"title": "{{ persn.x }}"}}}, "message.push.locales.fr.title", "did you mean `person`?"),
        ({"locales": {"fr": {"image": "http://x/y.png"}}}, "message.push.locales.fr.image", "https://"),
        ({"locales": {"fr": {"android": {"notification": {"colour": "x"}}}}}, "message.push.locales.fr.android.notification.colour", "`color`"),
        ({"locales": {"fr": {"body": "x" * 4_096}}}, "message.push.locales.fr", "FCM takes 4096"),
        ({"locales": {"fr": {"data": {"run_id": "x"}}}}, "message.push.locales.fr.data.run_id", "reserved"),
        ({"locale": "english"}, "message.push.locale", "a language tag is expected"),
    ],
)
def test_a_language_is_checked_as_the_push_itself_is(push: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(InvalidCampaignError) as caught:
        campaign = parse_campaign(document(**push))
        check_messages(document(**push))
        templates(campaign)
    assert caught.value.field == field
    assert said in str(caught.value)


def test_what_fails_in_a_language_is_named_with_it() -> None:
    push = {"locales": {"fr": {"title": "{{ person.traits.n | divided_by: person.traits.m }}"}}}
    template = templates(parse_campaign(document(**push)))["treated"]
    found = template.render(Addressee("ann", PushTarget("token", "t"), {"n": 1}, "m1", locale="fr"), Occasion("r", MOMENT, MOMENT))
    assert isinstance(found, Unsendable)
    assert (found.reason, found.field, found.line, found.missing) == ("render_failed", "message.push.locales.fr.title", 1, ("m",))
