"""What is no file of a format at all."""

import pytest

from regulars.domain.imports.recognition import mismatch


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"\x7fELF\x02\x01\x01\0\0", "looks like a program"),
        (b"PK\x03\x04\x14\0", "a ZIP archive, as an Excel workbook is"),
        (b"PAR1\x15\0", "Parquet"),
        (b"a,b\n1,\0", "no text (byte 6 of it is NUL)"),
    ],
)
def test_what_is_no_text_is_named_whatever_it_was_said_to_be(head: bytes, says: str) -> None:
    assert says in mismatch(head, "csv")
    assert says in mismatch(head, "segment-ndjson")


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"id,name\n1,A\n", "none of its first lines is a JSON object (the first is 'id,name'); CSV is read with a mapping"),
        (b'[{"type":"track"}]', "a JSON array"),
        (b'{\n  "type": "track"\n}\n', "one JSON object over several lines"),
    ],
)
def test_what_has_no_object_a_line_is_no_ndjson(head: bytes, says: str) -> None:
    assert says in mismatch(head, "segment-ndjson")


@pytest.mark.parametrize("head", [b"", b"\n\n", b'{"a":1}', b'\xef\xbb\xbf{"a":1}', b'no json\n {"a":1}\n', b'{"a":'])
def test_a_bad_line_makes_no_bad_file(head: bytes) -> None:
    assert mismatch(head, "segment-ndjson") == mismatch(head, "pinpoint-endpoints") == ""
