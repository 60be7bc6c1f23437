"""Every yes and no that a person said, asked of a lake."""

from datetime import UTC, datetime
from typing import Any

import orjson

from regulars.domain.collection.consent_calls import told_traits
from regulars.domain.person.consent_history import ConsentChange, history_of, history_sql
from tests.domain.campaigns.lake import Lake

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def identify(day: int, traits: Any, *, user: str | None = "ada", call: str = "", source: str = "site", **properties: Any) -> dict[str, Any]:
    told = {"event": call, **properties} if call else {}
    at = {"event_ts": datetime(2026, 11, day), "received_ts": datetime(2026, 11, day), "message_id": f"m{day}"}
    said = {"traits": orjson.dumps(dict(traits)).decode(), "properties": orjson.dumps(told).decode()}
    return {"user_id": user, "anonymous_id": "a1", "event_name": "identify", "type": "identify", "source": source, **at, **said}


def history(*events: dict[str, Any]) -> list[tuple[int, str, bool, str, str, str | None]]:
    lake = Lake()
    lake.fill("identities", [{"kind": "anonymous", "id": "a1", "user_id": "ada", "since_ts": datetime(2026, 11, 5)}])
    lake.fill("events", list(events))
    found = history_of(lake.answers(history_sql("ada", NOON)))
    return [(each.at.day, each.purpose, each.agreed, each.trait, each.by, each.told) for each in found]


def test_each_change_is_told_with_its_call_and_what_is_said_again_is_none() -> None:
    assert history(
        identify(1, {"marketing_opt_in": True, "plan": "pro"}, user=None),
        identify(2, {"marketing_opt_in": True}),
        identify(3, {"consent": {"news": False}}),
        identify(4, {"plan": "free"}),
        identify(6, {"marketing_opt_in": False}),
        identify(7, {"marketing_opt_in": True}, user="bob"),
        identify(30, {"unsubscribed": True}),
    ) == [
        (6, "marketing", False, "marketing_opt_in", "identify", None),
        (3, "news", False, "consent.news", "identify", None),
        (1, "marketing", True, "marketing_opt_in", "identify", None),
    ]


def test_a_call_about_consent_says_where_it_came_from() -> None:
    given = identify(8, told_traits("Consent Given", {"purpose": "news"}, {}), call="Consent Given", source="regulars", by="mara")
    (yes, *_) = history(identify(7, {"news_opted_out": True}), given)
    assert yes[:2] == (8, "news") and yes[4] == "Consent Given"


def test_where_somebody_said_so_is_kept_with_the_message() -> None:
    lake, properties = Lake(), orjson.dumps({"event": "Consent Withdrawn", "source": "by letter", "purpose": 7}).decode()
    lake.fill("events", [{**identify(9, {"unsubscribed": True}, source="regulars"), "properties": properties}])
    assert history_of(lake.answers(history_sql("ada", NOON))) == (
        ConsentChange(datetime(2026, 11, 9, tzinfo=UTC), "everything", False, "unsubscribed", "Consent Withdrawn", "m9", "regulars", "by letter"),
    )
