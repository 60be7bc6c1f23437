"""`regulars feed ...`, and the secret of a source."""

from tests.cli.conftest import FakeApi, Run

AT = "2026-11-21T12:00:00+00:00"
URL = "https://example.com/feed.xml"
NEWS = {"id": "news", "url": URL, "every_s": 900, "learned_at": None, "polled_at": AT, "published": 3, "error": "its server answered 500"}


def test_a_feed_is_added_and_says_that_it_is_only_learned_at_first(api: FakeApi, regulars: Run) -> None:
    api.on("PUT", "/admin/feeds/news", NEWS)
    shown = regulars("feed", "add", "news", URL, "--tag", "press", "--tag", "uk")
    assert shown.stdout == "feed news: read every 15 minutes, the first time only to learn what is in it\n"
    assert api.asked == [("PUT", "/admin/feeds/news", {"url": URL, "every": "15m", "tags": ["press", "uk"]})]


def test_feeds_are_listed_with_why_they_cannot_be_read(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/feeds", {"feeds": [NEWS, {**NEWS, "id": "other", "polled_at": None, "error": ""}]})
    told = regulars("feed", "list").stdout
    assert "answered 500" in told and "not yet" in told and "2026-11-21 12:00" in told


def test_a_feed_is_shown_polled_and_removed(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/feeds/news", NEWS)
    assert '"published": 3' in regulars("feed", "show", "news").stdout
    api.on("POST", "/admin/feeds/news/poll", NEWS)
    assert regulars("feed", "poll", "news").stdout == "feed news: is being read\n"
    api.on("POST", "/admin/feeds/news/remove", NEWS)
    assert regulars("feed", "remove", "news").stdout == "feed news: removed\n"


def test_a_secret_is_printed_and_said_to_be_shown_only_now(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/sources/cms/secret", {"name": "cms", "secret": "abc", "before_ends_at": AT})
    told = regulars("source", "secret", "cms").stdout
    assert "shown only now" in told and "    abc\n" in told and "ends at 2026-11-21 12:00" in told
