"""What every FeedFetcher does, real or fake; and what the real one does with servers that misbehave."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from regulars.adapters import public_addresses
from regulars.adapters.http_feeds import HttpFeeds
from regulars.adapters.public_addresses import is_public
from regulars.domain.errors import UnreadableFeedError
from regulars.ports import FeedFetcher, Fetched
from tests.contracts.suite import suite
from tests.fakes.content import MemoryFetcher
from tests.feed_server import FeedServer, feed_server, rss


@pytest.fixture(scope="module")
def running() -> Iterator[FeedServer]:
    with feed_server() as server:
        yield server


@pytest.fixture
def server(running: FeedServer) -> FeedServer:
    running.asked.clear()
    return running


@pytest.fixture
def http() -> HttpFeeds:
    return HttpFeeds(private_hosts=["127.0.0.1"], patience=0.5)


fetcher = suite(FeedFetcher, adapter="http", fake=MemoryFetcher)


def test_what_is_there_comes_once_and_then_only_when_it_has_changed(fetcher: FeedFetcher, server: FeedServer) -> None:
    if isinstance(fetcher, MemoryFetcher):
        fetcher.answers[server.url()] = Fetched(server.url(), rss("1", "2"), "application/rss+xml", server.etag)
    first = fetcher.fetch(server.url())
    assert (first.body, first.etag, first.content_type, first.not_modified) == (rss("1", "2"), server.etag, "application/rss+xml", False)
    again = fetcher.fetch(server.url(), etag=first.etag)
    assert again.not_modified and again.body == b""


def test_what_cannot_be_read_says_so(fetcher: FeedFetcher, server: FeedServer) -> None:
    with pytest.raises(UnreadableFeedError):
        fetcher.fetch(server.url("/500"))


def test_a_compressed_answer_is_inflated_and_a_redirect_followed(http: HttpFeeds, server: FeedServer) -> None:
    assert http.fetch(server.url("/gzip")).body == server.body
    moved = http.fetch(server.url("/moved"), etag="x", last_modified="y")
    assert (moved.body, moved.url) == (server.body, server.url())
    path, headers = server.asked[-1]
    assert (path, headers["if-none-match"], headers["if-modified-since"]) == ("/feed", "x", "y")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/500", "answered 500"),
        ("/cut", "cut off"),
        ("/slow", "too slow|cut off"),
        ("/bomb", "more than 5,000,000 bytes"),
        ("/again", "more than 5 redirects"),
        ("/inside", "not public"),
        ("/file", "no other web address"),
    ],
)
def test_a_server_that_misbehaves_is_given_up_with_a_reason(http: HttpFeeds, server: FeedServer, path: str, why: str) -> None:
    patient = http if path == "/slow" else HttpFeeds(private_hosts=["127.0.0.1"])  # inflating takes its time on a machine that does much else
    with pytest.raises(UnreadableFeedError, match=why):
        patient.fetch(server.url(path))
    assert len(server.asked) <= 6


def test_a_server_that_wants_to_be_left_alone_is(http: HttpFeeds, server: FeedServer) -> None:
    with pytest.raises(UnreadableFeedError) as refused:
        http.fetch(server.url("/429"))
    assert refused.value.not_before is not None and refused.value.not_before > datetime.now(UTC) + timedelta(hours=1)


def test_nothing_but_what_everybody_can_reach_is_asked(server: FeedServer) -> None:
    for host in ("127.0.0.1", "localhost"):
        with pytest.raises(UnreadableFeedError, match="not public"):
            HttpFeeds(patience=0.5).fetch(server.url().replace("127.0.0.1", host))
    assert not server.asked


def test_of_a_host_with_one_private_address_none_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", ("93.184.215.14", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(public_addresses.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(UnreadableFeedError, match="not public"):
        HttpFeeds(patience=0.5).fetch("http://example.com/feed")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1"),
    ],
)
def test_addresses_of_a_machine_or_a_network_of_its_own_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert is_public(address)
