"""A line at the foot of the terminal, and what others print above it."""

import io
import re
import sys

import pytest

from cli.status_line import StatusLine, status_line


class Screen(io.StringIO):
    """A terminal, or a file."""

    def __init__(self, *, is_terminal: bool = True) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal

    @property
    def lines(self) -> list[str]:
        """What a person sees: a line that is cleared is gone."""
        return [re.sub(r"^.*\r\x1b\[2K", "", line) for line in self.getvalue().split("\n")]


def test_what_others_print_scrolls_above_it() -> None:
    screen = Screen()
    line = StatusLine(screen, shown=True)
    line.show("1 event")
    print("a", "word", file=line)
    line.show("2 events")
    assert screen.lines == ["a word", "2 events"]
    line.show("")
    assert screen.lines == ["a word", ""]


def test_a_line_that_somebody_has_only_begun_is_not_written_over() -> None:
    screen = Screen()
    line = StatusLine(screen, shown=True)
    line.write("half")
    line.show("1 event")
    line.write(" and whole\n")
    assert screen.lines == ["half and whole", "1 event"]


def test_it_is_cut_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    screen = Screen()
    StatusLine(screen, shown=True).show("x" * 100)
    assert screen.lines == ["x" * 19]


@pytest.mark.parametrize(("is_terminal", "wanted"), [(False, True), (True, False)])
def test_it_is_not_shown_in_a_file_or_where_nobody_wants_it(is_terminal: bool, wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(is_terminal=is_terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    with status_line(wanted=wanted) as line:
        line.show("1 event")
        print("a log line", file=sys.stderr)
    assert screen.getvalue() == "a log line\n"
    assert sys.stderr is screen
