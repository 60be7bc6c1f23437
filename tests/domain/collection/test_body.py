import gzip
import random
import zlib

import pytest

from regulars.domain.collection.body import MAX_BODY_BYTES, inflated, opened
from regulars.domain.errors import InvalidRequestError, PayloadTooLargeError


@pytest.mark.parametrize("encoding", ["", "gzip", "identity", "deflate"])
def test_gzip_is_known_by_its_first_bytes_whatever_the_header_says(encoding: str) -> None:
    content = gzip.compress(b'{"a":1}', mtime=0)
    body = opened(content, encoding)
    assert (body.text, body.compressed) == (b'{"a":1}', content)


@pytest.mark.parametrize("encoding", ["", "gzip", "GZIP", "identity", "br"])
def test_plain_json_is_taken_even_where_the_header_promises_an_encoding(encoding: str) -> None:
    body = opened(b' {"a":1}', encoding)
    assert (body.text, body.compressed) == (b' {"a":1}', None)


def test_a_gzip_of_several_members_is_read_whole() -> None:
    assert opened(gzip.compress(b'{"a"', mtime=0) + gzip.compress(b":1}", mtime=0), "gzip").text == b'{"a":1}'


@pytest.mark.parametrize("padding", [b"\n", b"\r\n", b"\x00" * 500])
def test_a_newline_or_zeros_behind_gzip_harm_nothing(padding: bytes) -> None:
    content = gzip.compress(b'{"a":1}', mtime=0)
    assert opened(content + padding, "gzip").text == b'{"a":1}'
    assert opened(gzip.compress(b'{"a"', mtime=0) + padding + gzip.compress(b":1}", mtime=0), "gzip").text == b'{"a":1}'


@pytest.mark.parametrize(
    ("content", "encoding", "says"),
    [
        (b"", "", "empty"),
        (b" \n", "gzip", "empty"),
        (gzip.compress(b'{"a":1}', mtime=0)[:-9], "gzip", "cut off"),
        (gzip.compress(b'{"a":1}', mtime=0)[:-1], "gzip", "cut off"),
        (gzip.compress(b'{"a":1}', mtime=0) + b"junk", "gzip", "broken"),
        (b"\x1f\x8bnonsense", "gzip", "broken"),
        (gzip.compress(b"", mtime=0) * 2000, "gzip", "members"),
        (b"\x00\x01\x02", "gzip", "is not gzip"),
        (zlib.compress(b'{"a":1}'), "deflate", "deflate is not supported: send gzip"),
        (b"\x28\xb5\x2f\xfd", "zstd", "zstd is not supported"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_the_reason(content: bytes, encoding: str, says: str) -> None:
    with pytest.raises(InvalidRequestError, match=says):
        opened(content, encoding)


def test_a_body_at_the_limit_is_taken_and_one_byte_more_is_not() -> None:
    assert len(opened(b"{" * MAX_BODY_BYTES, "").text) == MAX_BODY_BYTES
    assert len(opened(gzip.compress(b"{" * MAX_BODY_BYTES, mtime=0), "").text) == MAX_BODY_BYTES
    for content in (b"{" * (MAX_BODY_BYTES + 1), gzip.compress(b"{" * (MAX_BODY_BYTES + 1), mtime=0)):
        with pytest.raises(PayloadTooLargeError, match="1,048,576"):
            opened(content, "")


def test_a_gzip_bomb_is_stopped_at_the_limit() -> None:
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    content = b"".join(bomb.compress(bytes(1 << 20)) for _ in range(200)) + bomb.flush()
    with pytest.raises(PayloadTooLargeError):
        opened(content, "gzip")
    with pytest.raises(PayloadTooLargeError):
        opened(gzip.compress(b"x" * 600_000, mtime=0) * 2, "gzip")


def test_zlib_and_gzip_inflate_alike() -> None:
    text = random.Random(1).randbytes(10_000)
    assert inflated(zlib.compress(text), limit=10_000) == inflated(gzip.compress(text, mtime=0), limit=10_000) == text
