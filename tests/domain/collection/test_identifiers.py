"""Limits in the unit that the store counts."""

import pytest
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform
from pyiceberg.typedef import Record
from pyiceberg.types import NestedField, StringType

from regulars.domain.collection.identifiers import MAX_LENGTH, MAX_PATH_BYTES, event_name, identifier, path_bytes
from regulars.domain.collection.rejection import EventRejectedError

S3_KEY_BYTES = 1_024
ROUND_A_NAME = "lake/events/data/0110/1010/1101/00110010/event_ts_month=2026-11/event_name=/20261126_014838_00012_abcde-" + "0" * 36 + ".parquet"
"""The longest that Iceberg's object store layout and Trino's file names make of it."""


@pytest.mark.parametrize("letter", ["a", " ", "%", "~", "*", "\u00e9", "\u3042", "\U0001f600"])
def test_the_longest_name_of_any_letter_fits_into_the_key_of_an_object(letter: str) -> None:
    taken = path_bytes(letter * 64) / 64
    longest = min(MAX_LENGTH, int(MAX_PATH_BYTES // taken))
    name = "x" + letter * (longest - 2) + "x"
    assert event_name(name) == name
    assert len(ROUND_A_NAME) + path_bytes(name) <= S3_KEY_BYTES


def test_a_name_that_is_longer_encoded_than_any_key_is_refused_with_the_bytes_it_takes() -> None:
    with pytest.raises(EventRejectedError, match="1080 bytes") as refused:
        event_name("\u3042" * 120)
    assert refused.value.reason == "event_name_too_long"


def test_bytes_are_counted_as_iceberg_writes_a_partition() -> None:
    schema = Schema(NestedField(1, "event_name", StringType()))
    spec = PartitionSpec(PartitionField(1, 1000, IdentityTransform(), "event_name"))
    for name in ("Order Completed", "a/b?c=%", "\u6ce8\u6587\u5b8c\u4e86", "caf\u00e9", "\U0001f600"):
        assert path_bytes(name) == len(spec.partition_to_path(Record(name), schema)) - len("event_name=")


def test_what_is_no_id_is_told_which_numbers_are() -> None:
    assert identifier(2**63 + 1, "userId") == "9223372036854775809"
    with pytest.raises(EventRejectedError, match=r"digits alone up to 64 bits, with a point or an exponent up to 2\^53"):
        identifier(2.0**63, "userId")
