"""Our HPACK against the library `hpack`, which has nothing in common with it."""

from contextlib import suppress

import hpack as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.adapters.http2 import huffman
from regulars.adapters.http2.hpack import EMPTY_TABLE, STATIC_TABLE, Decoder, HpackError, encoded

NAMES = st.sampled_from([b":status", b"content-type", b"date", b"retry-after", b"x-request-id", b"x-" + b"long" * 60])
FIELDS = st.lists(st.tuples(NAMES, st.binary(max_size=300)), max_size=12)
FEW_FIELDS = st.lists(st.tuples(NAMES, st.sampled_from([b"200", b"a", b"Thu, 26 Nov 2026 15:45:16 GMT", b"y" * 900])), max_size=12)


@given(st.lists(st.tuples(FIELDS | FEW_FIELDS, st.booleans(), st.sampled_from([None, None, 0, 100, 4096])), max_size=12))
def test_blocks_are_read_as_they_were_written_whatever_the_table_keeps_and_forgets(
    blocks: list[tuple[list[tuple[bytes, bytes]], bool, int | None]],
) -> None:
    encoder, decoder = oracle.Encoder(), Decoder()
    for fields, compressed, table_bytes in blocks:
        if table_bytes is not None:
            encoder.header_table_size = table_bytes
        assert decoder.decode(encoder.encode(fields, huffman=compressed)) == fields


def test_the_static_table_is_the_standards() -> None:
    assert oracle.table.HeaderTable.STATIC_TABLE == STATIC_TABLE


@given(FIELDS)
def test_what_we_write_is_read_by_others_and_kept_in_no_table(fields: list[tuple[bytes, bytes]]) -> None:
    decoder = oracle.Decoder()
    block = EMPTY_TABLE + b"".join(encoded(name, value) for name, value in fields)
    assert [(name, value) for name, value in decoder.decode(block, raw=True)] == fields
    assert len(decoder.header_table.dynamic_entries) == 0


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(block: bytes) -> None:
    with suppress(HpackError):
        Decoder().decode(block)


@pytest.mark.parametrize(
    ("block", "what"),
    [
        ("80", "index 0"),
        ("be", "unreadable"),  # the first entry of a table that is empty
        ("3fe21f", "4097 bytes"),
        ("0003616263", "unreadable"),  # a name without a value
        ("000361", "middle of a string"),
        ("ffffffffffff7f", "absurd"),
        ("008100ff", "unreadable"),
    ],
)
def test_what_no_encoder_may_write_is_refused(block: str, what: str) -> None:
    with pytest.raises(HpackError, match=what):
        Decoder().decode(bytes.fromhex(block))


@given(st.binary(max_size=200))
def test_every_string_survives_the_huffman_code(text: bytes) -> None:
    coder = oracle.huffman.HuffmanEncoder(oracle.huffman_constants.REQUEST_CODES, oracle.huffman_constants.REQUEST_CODES_LENGTH)
    assert huffman.decode(coder.encode(text)) == text
