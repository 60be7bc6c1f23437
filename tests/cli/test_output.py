"""Tables: an id can be copied from a terminal of any width."""

import re
import sys
from typing import Any

import pytest

from cli.output import print_table

RUN = "spring-20260102T030405Z-0123456789abcdef"
MESSAGE = "the property revenue holds a text where the schema of this event asks for a number, and the event was refused"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def of(width: int) -> None:
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)

    return of


def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines without their colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()


@pytest.mark.parametrize("width", range(20, 130, 7))
def test_no_id_is_broken_at_any_width(terminal: Any, capsys: pytest.CaptureFixture[str], width: int) -> None:
    terminal(width)
    rows = [[RUN, "spring", "quarantined", MESSAGE], [RUN[::-1], "x", "", ""]]
    print_table(["run_id", "campaign_id", "state", "message"], rows, free=["message"])
    lines = shown(capsys)
    assert any(RUN in line for line in lines) and any(RUN[::-1] in line for line in lines)
    for word in MESSAGE.split():
        assert any(word in line for line in lines), word


def test_free_text_is_folded_between_words_where_that_is_enough(terminal: Any, capsys: pytest.CaptureFixture[str]) -> None:
    terminal(80)
    print_table(["run_id", "message"], [[RUN, MESSAGE]], free=["message"])
    lines = shown(capsys)
    assert max(map(len, lines)) <= 80
    assert " ".join(line.split(RUN)[-1].strip() for line in lines[3:]).strip() == MESSAGE


def test_a_table_that_does_not_fit_becomes_a_paragraph_a_row(terminal: Any, capsys: pytest.CaptureFixture[str]) -> None:
    terminal(60)
    print_table(["run_id", "state", "sent"], [[RUN, "succeeded with pleasure", 1_234], [RUN, None, 0]], right=["sent"])
    assert shown(capsys) == ["", f"run_id  {RUN}", "state   succeeded with pleasure", "sent    1,234", "", f"run_id  {RUN}", "sent    0"]


def test_numbers_stand_at_the_right_and_a_pipe_folds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["run_id", "sent", "message"], [[RUN, 5, MESSAGE], [RUN, 1_000_000, ""]], right=["sent"], free=["message"])
    lines = shown(capsys)
    assert f"{RUN}           5   {MESSAGE}" in lines[3]
    assert "1,000,000" in lines[4]


def test_wide_characters_take_the_columns_that_they_take(terminal: Any, capsys: pytest.CaptureFixture[str]) -> None:
    terminal(26)
    print_table(["name", "id"], [["漢字漢字漢字", "a-long-id"]])
    assert any("漢字漢字漢字" in line and "a-long-id" in line for line in shown(capsys))
