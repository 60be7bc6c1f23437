"""What stands in feeds: of every kind, and of those that are not as they should be."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.content.feed import Feed
from regulars.domain.content.feed_text import MAX_ENTRIES, read_feed
from regulars.domain.errors import UnreadableFeedError
from tests.drawn import drawn

FEED = Feed("news", "https://example.com/feed.xml", tags=("press",))

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title>
<item><guid isPermaLink="false">1</guid><title>Rain &amp;amp; &lt;b&gt;snow&lt;/b&gt;</title><link>https://example.com/1</link><dc:creator>Ada</dc:creator>
<category>weather</category><category>weather</category><pubDate>Sat, 21 Nov 2026 10:00:00 GMT</pubDate>
<enclosure url="/1.jpg" type="image/jpeg" length="1"/></item>
<item><title>Without an id or a date</title><link>/2</link><media:thumbnail url="https://example.com/2.png"/></item>
<item><guid>3</guid><title></title></item>
<item><title>Neither id nor address</title></item>
</channel></rss>"""

ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<entry><id>urn:1</id><title>One</title><link href="https://example.com/1"/><author><name>Ada</name></author><updated>2026-11-21T10:00:00Z</updated></entry>
<entry><id>urn:2</id><title>Two</title><link href="https://example.com/2"/><updated>2026-11-21T11:00:00+00:00</updated></entry></feed>"""


def test_an_rss_feed_gives_its_items_in_plain_text_with_whole_addresses() -> None:
    two, one = sorted(read_feed(RSS, FEED), key=lambda item: item.title, reverse=True)
    assert (one.given_id, one.title, one.url, one.author, one.tags) == ("1", "Rain & snow", "https://example.com/1", "Ada", ("press", "weather"))
    assert one.image == "https://example.com/1.jpg" and one.published is not None and one.published.hour == 10
    assert (two.given_id, two.url, two.image, two.published) == ("", "https://example.com/2", "https://example.com/2.png", None)


def test_an_atom_feed_has_the_newest_first() -> None:
    assert [(item.given_id, item.author) for item in read_feed(ATOM, FEED)] == [("urn:2", ""), ("urn:1", "Ada")]


def test_a_json_feed_is_read_too() -> None:
    items = [
        {
            "id": 7,
            "title": "Seven",
            "url": "https://example.com/7",
            "authors": [{"name": "Ada"}],
            "tags": ["a", 3],
            "date_published": "2026-11-21T10:00:00Z",
        },
        {"id": "8", "summary": "Eight", "image": "https://example.com/8.jpg", "date_published": "soon"},
        "not an item",
    ]
    read = read_feed(orjson.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}), FEED, content_type="application/feed+json")
    by_id = {item.given_id: item for item in read}
    assert (by_id["7"].author, by_id["7"].tags) == ("Ada", ("press", "a"))
    assert (by_id["8"].title, by_id["8"].published, by_id["8"].image) == ("Eight", None, "https://example.com/8.jpg")


RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>News</title></channel>
<item rdf:about="1"><title>One</title><link>https://example.com/1</link></item></rdf:RDF>"""


@pytest.mark.parametrize("whole", [RSS, ATOM, RDF], ids=["RSS", "Atom", "RDF"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_is_cut_off_is_not_read_wherever_it_ends(whole: bytes, encoding: str) -> None:
    text = whole.decode().replace("utf-8", encoding)
    first, last = text.index("<title>One" if whole != RSS else "<guid"), text.rindex("</item>" if whole != ATOM else "</entry>")
    for end in range(first, last, 7):
        with pytest.raises(UnreadableFeedError):
            read_feed(text[:end].encode(encoding), FEED)


SPOILED = [RSS.replace(b"Ada", b"Ada & Bob <b>"), RSS + b"<script>", RSS[: RSS.index(b"</rss>")], RSS.replace(b"Ada", b"\xff")]


@pytest.mark.parametrize("spoiled", SPOILED)
def test_what_is_not_well_formed_and_whole_is_read(spoiled: bytes) -> None:
    assert len(read_feed(spoiled, FEED)) == 2


@pytest.mark.parametrize(
    ("encoding", "header"),
    [("iso-8859-1", ""), ("utf-16", ""), ("utf-8", "application/xml; charset=us-ascii"), ("windows-1252", "text/xml; charset=windows-1252")],
)
def test_letters_survive_whatever_charset_is_stated(encoding: str, header: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><item><guid>1</guid><title>Über Größe</title></item></channel></rss>'
    )
    (item,) = read_feed(text.encode(encoding), FEED, content_type=header)
    assert item.title == "Über Größe"


PIECES = [b"<rss>", b"<channel>", b"<item>", b"</item>", b"<guid>1</guid>", b"<title>T", b"</title>", b"<link>http://[", b"</link>", b"\xff"]
PIECES += [b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>", b"</entry>", b"<enclosure url=''/>", b"<![CDATA[", b"]]>", b"&#0;"]

BOMB = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">{}]><rss version="2.0"><channel><item><title>&z;</title></item></channel></rss>'


@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le", "utf-16-be", "utf-16"])
def test_a_feed_that_defines_entities_is_refused_before_any_of_them_is_read(encoding: str) -> None:
    layers = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghiz", strict=True))
    with pytest.raises(UnreadableFeedError, match="ENTITY"):
        read_feed(BOMB.format(layers).encode(encoding), FEED)


@pytest.mark.parametrize("body", [b"", b"<html><body>Not found</body></html>", b"plain text", b"{", b"[1]", b'{"items": 3}', b"\x00\xff" * 50])
def test_what_is_no_feed_says_so(body: bytes) -> None:
    with pytest.raises(UnreadableFeedError):
        read_feed(body, FEED)


def test_no_name_of_a_file_or_an_address_is_ever_opened() -> None:
    for body in (b"/etc/passwd", b"https://example.com/other.xml", b"file:///etc/passwd"):
        with pytest.raises(UnreadableFeedError):
            read_feed(body, FEED)


def test_only_the_first_entries_of_an_endless_feed_are_looked_at() -> None:
    many = "".join(f"<item><guid>{number}</guid><title>n</title></item>" for number in range(MAX_ENTRIES + 50))
    assert len(read_feed(f'<rss version="2.0"><channel>{many}</channel></rss>'.encode(), FEED)) == MAX_ENTRIES


@drawn(100)
@given(st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=20).map(b"".join)))
def test_whatever_stands_in_a_body_is_read_or_refused(body: bytes) -> None:
    try:
        items = read_feed(body, FEED)
    except UnreadableFeedError:
        return
    assert all(item.title and (item.url or item.given_id) and item.keys for item in items)


def test_what_would_lead_nowhere_or_elsewhere_is_left_out() -> None:
    body = b'<rss version="2.0"><channel><item><guid>1</guid><title>T</title><link>javascript:alert(1)</link></item></channel></rss>'
    (item,) = read_feed(body, FEED)
    assert item.url == ""
