"""The settings are put, shown and obeyed; where they cannot be read, nobody is sent to."""

from dataclasses import replace
from typing import Any

import pytest

from regulars.domain.errors import (
    ConflictError,
    InvalidCampaignError,
    InvalidJourneyError,
    InvalidSettingsError,
    QueryFailedError,
    StoreUnavailableError,
)
from regulars.domain.settings import parse_settings
from regulars.usecases.current_settings import current_settings
from regulars.usecases.put_campaign import put_campaign
from regulars.usecases.put_journey import put_journey
from regulars.usecases.put_settings import put_settings
from regulars.usecases.restore_definition import restore_definition
from regulars.usecases.show_settings import show_settings
from tests.examples import person, phone
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import MemoryScheduler, ScriptedQueries
from tests.fakes.stores import MemoryDefinitions, MemoryObjects, MemorySources
from tests.usecases.delivery_world import World

MARKETING = {"purposes": {"marketing": "opt_in"}}
CAMPAIGN = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"title": "Hi"}}, "delivery": {"purpose": "marketing"}}


def definitions() -> MemoryDefinitions:
    kept = MemoryDefinitions()
    kept.put("segment", "x", {"id": "x", "name": "x", "rule": {"everyone": True}}, at=MOMENT, by="mara")
    return kept


def put(kept: MemoryDefinitions, document: Any, queries: ScriptedQueries | None = None) -> Any:
    return put_settings(document, by="mara", definitions=kept, queries=queries or ScriptedQueries(), clock=MovableClock())


def put_spring(kept: MemoryDefinitions, purpose: str = "marketing") -> list[str]:
    document = {**CAMPAIGN, "delivery": {"purpose": purpose}}
    put = put_campaign(document, by="m", definitions=kept, scheduler=MemoryScheduler(), lake=MemoryObjects(), clock=MovableClock())
    return [each.message for each in put.warnings]


def test_settings_are_kept_in_versions_and_what_is_shown_can_be_put() -> None:
    kept = definitions()
    assert show_settings(definitions=kept)["version"] == 0
    assert put(kept, MARKETING).version == 1
    assert put(kept, MARKETING).unchanged
    shown = dict(show_settings(definitions=kept))
    assert (shown.pop("version"), shown["purposes"], shown["stale_after_days"]) == (1, {"marketing": "opt_in"}, 30)
    assert put(kept, shown).version == 2
    with pytest.raises(InvalidSettingsError):
        put(kept, {"purposes": {"marketing": "maybe"}})
    stores: dict[str, Any] = {
        "definitions": kept,
        "sources": MemorySources(),
        "scheduler": MemoryScheduler(),
        "lake": MemoryObjects(),
        "queries": ScriptedQueries(),
        "clock": MovableClock(),
    }
    restored = restore_definition("settings", "settings", 1, by="mara", **stores)
    assert restored.version == 3


def test_the_lakes_view_of_orders_has_the_names_that_the_settings_give_a_purchase() -> None:
    kept, queries = definitions(), ScriptedQueries()
    put(kept, {"daily_limit": 3}, queries)
    assert queries.ran == []
    put(kept, {"purchase": {"event": "Ticket Sold", "value": "fare.net"}}, queries)
    put(kept, {}, queries)
    named, usual = queries.ran
    assert named.startswith("CREATE OR REPLACE VIEW orders AS") and "'Ticket Sold'" in named and '$["fare"]["net"]' in named
    assert "'Order Completed'" in usual and '$["revenue"]' in usual


def test_a_view_that_could_not_be_made_is_warned_of_and_made_when_the_settings_are_put_again() -> None:
    kept, document = definitions(), {"purchase": {"event": "Ticket Sold"}}
    (warning,) = put(kept, document, ScriptedQueries({"VIEW": QueryFailedError("no room")})).warnings
    assert warning.path == "purchase" and "(no room): put the settings again" in warning.message
    queries = ScriptedQueries()
    assert put(kept, document, queries).unchanged and len(queries.ran) == 2


def test_the_lakes_view_of_the_programme_has_each_share_since_it_was_held_out() -> None:
    kept, queries = definitions(), ScriptedQueries()
    for percent in (5, 2.5):
        put(kept, {"global_control": {"percent": percent}}, queries)
    put(kept, {"global_control": {"percent": 2.5}, "daily_limit": 3}, queries)
    _, newest = queries.ran
    assert newest.startswith("CREATE OR REPLACE VIEW programme AS") and "500" in newest and "250" in newest


def test_a_global_control_group_is_warned_of_where_it_is_large_and_where_it_lets_people_go_early() -> None:
    kept = definitions()

    def warned(percent: float) -> list[str]:
        return [each.message for each in put(kept, {"global_control": {"percent": percent}}).warnings]

    assert warned(20) == []
    assert warned(20.01) == ["20.01 % of all people get no campaign's messages: more than 20 %"]
    (shrinks,) = warned(5)
    assert shrinks.startswith("it shrinks from 20.01 to 5 % within the quarter that ends on 2026-12-31: people who were held out can be reached")
    assert len(warned(0)) == 1 and warned(0) == []


def test_a_purpose_is_doubted_where_none_is_declared_and_refused_where_others_are() -> None:
    kept = definitions()
    assert "would reach all but those who said no" in put_spring(kept)[0]
    (warning,) = put(kept, {"purposes": {"news": "opt_in"}}).warnings
    assert "campaign spring: `marketing` is not declared" in warning.message
    with pytest.raises(InvalidCampaignError, match=r"delivery\.purpose: .*known: `news`, `transactional`"):
        put_spring(kept)
    assert put_spring(kept, "transactional") == put_spring(kept, "news") == []


def test_what_a_campaign_is_for_stays_declared_until_the_campaign_is_archived() -> None:
    kept = definitions()
    put(kept, MARKETING)
    put_spring(kept)
    with pytest.raises(ConflictError, match="what campaign spring is for"):
        put(kept, {"purposes": {"marketting": "opt_in"}})
    assert put(kept, {"purposes": {"marketing": "opt_out"}}).version == 2
    kept.archive("campaign", "spring")
    assert put(kept, {}).version == 3


def test_a_journeys_purpose_is_refused_and_stays_declared_as_a_campaigns_is() -> None:
    kept, lake = definitions(), MemoryObjects()
    put(kept, MARKETING)
    journey = {"id": "hello", "entry": {"event": "A"}, "start": "m", "steps": {"m": {"message": {"push": {"title": "Hi"}}, "then": None}}}

    def put_hello(purpose: str) -> None:
        put_journey({**journey, "delivery": {"purpose": purpose}}, by="ann", definitions=kept, lake=lake, clock=MovableClock())

    with pytest.raises(InvalidJourneyError, match=r"delivery\.purpose: .*did you mean `marketing`.*known: `marketing`, `transactional`"):
        put_hello("marketng")
    put_hello("marketing")
    with pytest.raises(ConflictError, match="what journey hello is for: declare it, or change or archive the journey first"):
        put(kept, {"purposes": {"news": "opt_in"}})
    kept.archive("journey", "hello")
    put(kept, {"purposes": {"news": "opt_in"}})


@pytest.mark.parametrize(
    ("declared", "purpose", "asks"),
    [
        ({}, "marketing", "opt_out"),
        ({"marketing": "opt_in"}, "marketng", "opt_in"),
        ({"news": "opt_out"}, "marketing", "opt_in"),
        ({"news": "opt_out"}, "news", "opt_out"),
        ({"marketing": "opt_in"}, "", "opt_out"),
        ({"marketing": "opt_in"}, "transactional", "opt_out"),
    ],
)
def test_a_purpose_that_is_not_among_those_that_are_declared_asks_for_a_yes(declared: dict[str, Any], purpose: str, asks: str) -> None:
    assert parse_settings({"purposes": declared}).asks(purpose) == asks


def test_a_run_sends_to_those_who_want_what_it_is_for() -> None:
    world = World(4, delivery={"purpose": "marketing"})
    put(world.definitions, MARKETING)
    for profile in (person("h0", marketing_opt_in=True), person("h1"), person("h2", marketing_opt_in=True, unsubscribed=True)):
        world.know(profile)
    world.know(person("h3", consent={"marketing": True}))
    world.deliver()
    assert world.fates == {"h0": ("sent", None), "h1": ("skipped", "no_consent"), "h2": ("skipped", "opted_out"), "h3": ("sent", None)}


def test_settings_that_cannot_be_read_stop_a_call_before_anybody_is_sent_to() -> None:
    world = World(1)
    world.definitions.put("settings", "settings", {"id": "settings", "purposes": "of a later version"}, at=MOMENT, by="mara")
    with pytest.raises(StoreUnavailableError, match="the settings cannot be read"):
        world.deliver()
    assert world.sender.sent == world.rows == []
    with pytest.raises(StoreUnavailableError):
        current_settings(world.definitions)


def test_an_expired_device_is_skipped_and_cleaned_unless_it_was_registered_since() -> None:
    world = World(2)
    expired = phone("d0", "h0", "t0", at="2026-01-01T00:00:00.000Z", platform="android")
    world.keep(expired, phone("d1", "h1", "t1", at="2026-10-01T00:00:00.000Z", platform="android"))
    world.deliver()
    assert world.fates == {"h0": ("skipped", "device_expired"), "h1": ("skipped", "stale_device")}
    assert (world.tokens("h0"), world.tokens("h1")) == ({}, {"d1": "t1"})


def test_a_rehearsal_cleans_no_device() -> None:
    world = World(1)
    stored = world.runs.get("spring-1")
    world.runs.put(replace(stored.value, sends=False), expected=stored.version)
    world.keep(phone("d0", "h0", "t0", at="2026-01-01T00:00:00.000Z", platform="android"))
    world.deliver()
    assert (world.fates["h0"], world.tokens("h0")) == (("skipped", "device_expired"), {"d0": "t0"})
