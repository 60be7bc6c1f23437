"""The settings: read strictly, and the same again when they are written."""

from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.delivery.caps import MAX_COUNT
from regulars.domain.errors import InvalidSettingsError
from regulars.domain.purchase import Purchase
from regulars.domain.settings import LocationSettings, Settings, parse_settings, settings_document


def test_what_nobody_says_is_as_it_is_where_nobody_said_anything() -> None:
    assert parse_settings({}) == Settings() == parse_settings({"id": "settings", "daily_limit": None, "purposes": {}})


def test_settings_are_the_same_when_they_are_written_and_read() -> None:
    document: dict[str, Any] = {
        "purposes": {"marketing": "opt_in", "news": "opt_out"},
        "daily_limit": 3,
        "stale_after_days": 60,
        "timezone": "Europe/Paris",
    }
    document["location"] = {"match": True, "dwell": "90m", "again_after": "2d"}
    document["global_control"] = {"percent": 2.5}
    document["purchase"] = {"event": "Ticket Sold", "value": ["fare.net"], "currency": "money.currency"}
    settings = parse_settings(document)
    purchase = Purchase("Ticket Sold", ("fare.net",), ("money", "currency"))
    assert settings == Settings(
        {"marketing": "opt_in", "news": "opt_out"}, 3, 60, "Europe/Paris", 250, purchase, LocationSettings(timedelta(minutes=90), timedelta(days=2))
    )
    assert settings_document(settings) == document


@pytest.mark.parametrize("name", ["Europe/Kyiv", "Europe/Kiev"])
def test_a_zone_is_known_by_its_newer_name_and_by_its_old_one(name: str) -> None:
    assert parse_settings({"timezone": name}).timezone == name


@pytest.mark.parametrize(
    ("document", "field", "said"),
    [
        ([], "", "an object is needed"),
        ({"purpose": {}}, "purpose", "did you mean `purposes`?"),
        ({"id": "other"}, "id", "its id is `settings`"),
        ({"purposes": {"marketing": "optin"}}, "purposes.marketing", "did you mean `opt_in`?"),
        ({"purposes": {"marketing": True}}, "purposes.marketing", "one of opt_in, opt_out is needed, not true or false"),
        ({"purposes": {"a b": "opt_in"}}, "purposes.a b", "1 to 48 letters"),
        ({"purposes": {"transactional": "opt_in"}}, "purposes.transactional", "nobody is asked about"),
        ({"purposes": {f"p{n}": "opt_in" for n in range(101)}}, "purposes", "101 purposes; at most 100"),
        ({"daily_limit": MAX_COUNT + 1}, "daily_limit", f"from 1 to {MAX_COUNT}"),
        ({"stale_after_days": None}, "stale_after_days", "a whole number is needed, not null"),
        ({"stale_after_days": 3_651}, "stale_after_days", "from 1 to 3650"),
        ({"timezone": "Europe/Pariss"}, "timezone", "did you mean `Europe/Paris`?"),
        ({"timezone": "CET+1"}, "timezone", "IANA"),
        ({"location": True}, "location", "an object is needed"),
        ({"location": {"match": False}}, "location.match", "only `true`"),
        ({"location": {"match": True, "dwell": "1d"}}, "location.dwell", "at most 12h"),
        ({"location": {"match": True, "again_after": "31d"}}, "location.again_after", "at most 30d"),
        ({"global_control": 5}, "global_control", "an object is needed, not a number"),
        ({"global_control": {"percents": 5}}, "global_control.percents", "did you mean `percent`?"),
        ({"global_control": {"percent": "5"}}, "global_control.percent", "a number is needed, not a text"),
        ({"global_control": {"percent": 100.1}}, "global_control.percent", "from 0 to 100"),
        ({"global_control": {"percent": 0.125}}, "global_control.percent", "at most two decimals"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_is_allowed(document: Any, field: str, said: str) -> None:
    with pytest.raises(InvalidSettingsError) as error:
        parse_settings(document)
    assert error.value.field == field
    assert said in str(error.value)


def test_an_undeclared_purpose_is_doubted_and_reaches_all_but_those_who_said_no_as_long_as_none_is_declared() -> None:
    settings = Settings({"marketing": "opt_in"})
    assert (settings.asks("marketing"), settings.asks("other"), Settings().asks("other")) == ("opt_in", "opt_in", "opt_out")
    assert "did you mean `marketing`?" in settings.doubt("marketting")
    assert [settings.doubt(purpose) for purpose in ("", "marketing", "transactional", "push")] == ["", "", "", ""]
