"""Content in by a signed call and from a feed, out as one event an item, which makes nobody known."""

import json
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from regulars.domain.content.signature import signature
from tests.e2e.conftest import Installation
from tests.feed_server import feed_server, rss


def until(done: Callable[[], Any]) -> Any:
    end = time.monotonic() + 20
    while not (found := done()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def test_an_item_is_told_once_by_whichever_way_it_comes_and_nobody_is_known_by_it(installation: Installation) -> None:
    key = installation.json("source", "create", "cms")["write_key"]
    secret = installation.json("source", "secret", "cms")["secret"]

    def publish(document: dict[str, Any]) -> tuple[int, Any]:
        body = json.dumps(document).encode()
        signed = {"Regulars-Signature": signature(secret, datetime.now(UTC), body)}
        return installation.post("/v1/content", body, key=key, headers=signed)[:2]

    for new in (True, False):
        status, answer = publish({"id": "p-1", "title": "Rain", "url": "https://example.com/r", "tags": ["weather"]})
        assert (status, answer) == (200, {"success": True, "id": "p-1", "new": new})
    assert installation.post("/v1/content", {"id": "p-2", "title": "Snow"}, key=key)[0] == 401

    with feed_server() as server:
        installation.cli("feed", "add", "news", server.url(), "--tag", "press")
        assert until(lambda: installation.json("feed", "show", "news")["learned_at"])
        server.body, server.etag = rss("3", "1", "2"), '"2"'
        installation.cli("feed", "poll", "news")
        assert until(lambda: installation.json("feed", "show", "news")["published"]) == 1
        assert installation.json("feed", "list")["feeds"][0]["error"] == ""
        installation.cli("feed", "remove", "news")

    installation.cli("flush")
    told = "SELECT json_extract_scalar(properties, '$.id'), user_id, source FROM events WHERE event_name = 'Content Published' ORDER BY 1"
    assert installation.sql(told) == [("3", None, "regulars"), ("p-1", None, "regulars")]
    assert installation.sql("SELECT count(*) FROM people WHERE user_id = 'content'") == [(0,)]


def test_a_list_of_places_is_put_and_a_telephone_is_told_of_the_nearest(installation: Installation) -> None:
    document = {"id": "e2e-shops", "places": [{"id": "soho", "lat": 51.513, "lon": -0.131}]}
    assert installation.put("place", document).returncode == 0
    with urllib.request.urlopen(f"{installation.info['api']}/v1/places?near=51.51,-0.13&writeKey=e2e", timeout=20) as answer:
        assert [each["place_id"] for each in json.loads(answer.read())["places"]] == ["soho"]
    installation.cli("place", "archive", "e2e-shops")


def test_where_events_say_that_somebody_was_is_matched_where_they_agreed_and_not_kept(installation: Installation) -> None:
    before = installation.json("settings", "get")
    assert installation.put("place", {"id": "e2e-cafes", "places": [{"id": "bank", "lat": 48.1, "lon": 11.5}]}).returncode == 0
    assert installation.put("settings", {**before, "location": {"match": True, "dwell": "0"}}).returncode == 0
    try:
        yes = {"type": "identify", "userId": "walker", "messageId": "walker-i", "traits": {"consent": {"location": True}}}
        there = {"context": {"location": {"latitude": 48.10012, "longitude": 11.50034}}}
        seen = {"type": "track", "event": "Walked", "userId": "walker", "messageId": "walker-t", **there}
        assert installation.post("/v1/batch", {"batch": [yes, seen]})[0] == 200
        installation.cli("flush")
        came = "SELECT json_extract_scalar(properties, '$.place_id'), user_id, source FROM events WHERE event_name = 'Place Entered'"
        assert installation.sql(came) == [("bank", "walker", "regulars")]
        (row,) = installation.sql("SELECT context FROM events WHERE event_name = 'Walked'")
        assert json.loads(row[0])["location"] == {"latitude": 48.1, "longitude": 11.5}
    finally:
        assert installation.put("settings", before).returncode == 0
        installation.cli("place", "archive", "e2e-cafes")


def test_an_item_takes_whom_it_is_for_into_a_journey_and_nobody_else(installation: Installation) -> None:
    key = installation.json("source", "create", "paper")["write_key"]
    secret = installation.json("source", "secret", "paper")["secret"]
    people = {"fan": ["Ada"], "other": ["Bob"]}
    told = [{"type": "identify", "userId": user, "messageId": f"i-{user}", "traits": {"follows": whom}} for user, whom in people.items()]
    assert installation.post("/v1/batch", {"batch": told})[0] == 200
    installation.cli("flush")
    entry = {"content": {}, "if": {"trait": "follows[]", "eq": {"content": "author"}}}
    steps = {"stay": {"wait": "1d", "then": None}}
    assert installation.put("journey", {"id": "e2e-news", "name": "News", "entry": entry, "start": "stay", "steps": steps}).returncode == 0
    installation.cli("journey", "launch", "e2e-news", "--yes")
    time.sleep(11)  # a launch is known everywhere within ten seconds
    body = json.dumps({"id": "n-1", "title": "Rain", "author": "Ada"}).encode()
    signed = {"Regulars-Signature": signature(secret, datetime.now(UTC), body)}
    assert installation.post("/v1/content", body, key=key, headers=signed)[0] == 200
    entered = "SELECT user_id FROM events WHERE event_name = 'Journey Entered' AND json_extract_scalar(properties, '$.journey') = 'e2e-news'"
    assert until(lambda: installation.cli("flush") and installation.sql(entered)) == [("fan",)]
    installation.cli("journey", "stop", "e2e-news")


def test_a_digest_tells_whoever_likes_it_the_best_of_what_came_best_first(installation: Installation) -> None:
    """Beside it somebody who reads other things, whom none of it is for."""
    key = installation.json("source", "create", "weekly")["write_key"]
    secret = installation.json("source", "secret", "weekly")["secret"]
    reads = {"keen": ["weather", "weather", "weather", "uk"], "else": ["football"] * 4}
    batch: list[dict[str, Any]] = []
    for user, categories in reads.items():
        device = {"id": f"phone-{user}", "type": "android", "token": f"{user}:APA91b{'t' * 100}"}
        batch.append({"type": "identify", "userId": user, "messageId": f"d-{user}", "traits": {"name": user}, "context": {"device": device}})
        for number, category in enumerate(categories):
            read = {"type": "track", "event": "E2e Article Read", "userId": user, "messageId": f"r-{user}-{number}"}
            batch.append({**read, "properties": {"category": category}})
    assert installation.post("/v1/batch", {"batch": batch})[0] == 200
    installation.cli("flush")
    likes = {"event": "E2e Article Read", "where": [{"property": "category", "in": {"content": "tags"}}], "within": "7d", "least": 2, "gte": 0.2}
    steps = {
        "gather": {"collect": {"content": {}}, "for": "1h", "max": 3, "top": 2, "then": "tell"},
        "tell": {"message": {"push": {"title": "{% for item in collected %}{{ item.title }} {{ item.affinity }} {% endfor %}"}}, "then": None},
    }
    entry = {"content": {"where": [{"property": "origin", "eq": "weekly"}]}, "affinity": likes}
    document = {"id": "e2e-digest", "entry": entry, "reentry": {"after": "1m"}, "start": "gather", "steps": steps}
    assert installation.put("journey", document).returncode == 0
    installation.cli("journey", "launch", "e2e-digest", "--yes")
    time.sleep(11)  # a launch is known everywhere within ten seconds
    since = installation.double("/__admin/messages?since=0")["next"]
    for title, tags in (("London", ["uk"]), ("Rain", ["weather"]), ("Fog", ["weather", "uk"])):
        body = json.dumps({"id": title, "title": title, "tags": tags}).encode()
        signed = {"Regulars-Signature": signature(secret, datetime.now(UTC), body)}
        assert installation.post("/v1/content", body, key=key, headers=signed)[0] == 200

    def pushes() -> list[dict[str, Any]]:
        return [each["body"]["message"] for each in installation.double(f"/__admin/messages?since={since}")["messages"]]

    (push,) = until(pushes)
    assert push["token"].startswith("keen:") and push["notification"]["title"] == "Fog 1.0 Rain 0.75 "
    installation.cli("journey", "stop", "e2e-digest")
