"""Results on S3, page by page."""

import pytest

from regulars.domain.errors import NotFoundError, QueryFailedError
from regulars.usecases.result_page import result_page
from tests.fakes.stores import MemoryObjects

HEAD = b'"user_id"\n'


def test_a_row_that_is_longer_than_a_piece_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryObjects, "chunk", 7)
    person = "x" * 100
    lake = MemoryObjects({"1.csv": HEAD + f'"{person}"\n"yyyyyyyy"\n'.encode()})
    rows, following = result_page("1.csv", 0, lake=lake)
    assert rows == [[person]]
    rows, following = result_page("1.csv", int(following), lake=lake)
    assert rows == [["yyyyyyyy"]]
    assert result_page("1.csv", int(following), lake=lake) == ([], "")


def test_a_result_that_breaks_off_is_an_error_and_never_a_shorter_list() -> None:
    with pytest.raises(QueryFailedError, match=r"1\.csv cannot be read from byte 10 on"):
        result_page("1.csv", 0, lake=MemoryObjects({"1.csv": HEAD + b'"ann'}))
    with pytest.raises(NotFoundError):
        result_page("2.csv", 0, lake=MemoryObjects())
