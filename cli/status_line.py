"""One line at the foot of a terminal that changes quietly, while what others print scrolls above it."""

import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

_CLEAR = "\r\x1b[2K"


class StatusLine:
    """Stands in for standard error. Without a terminal it is never shown, and all else goes through as it is."""

    def __init__(self, stream: TextIO, *, shown: bool) -> None:
        self._stream, self.is_shown = stream, shown
        self._text = ""
        self._at_line_start = True
        self._lock = threading.RLock()

    def show(self, text: str) -> None:
        """Changes the line, cut to the terminal's width; an empty text takes it away."""
        with self._lock:
            if self.is_shown and text != self._text:
                self._text = text
                if self._at_line_start:
                    self._put(_CLEAR + self._cut())

    def write(self, text: str) -> int:
        with self._lock:
            cleared = _CLEAR if self._text and self._at_line_start else ""
            self._at_line_start = text.endswith("\n") if text else self._at_line_start
            redrawn = self._cut() if self._text and self._at_line_start else ""
            self._put(cleared + text + redrawn)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        self.write("".join(lines))

    def _put(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            if not self.is_shown:
                raise
            # The terminal was closed: nobody is there to be told, and what goes on must not end for it.

    def _cut(self) -> str:
        return self._text[: shutil.get_terminal_size().columns - 1]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def status_line(*, wanted: bool) -> Iterator[StatusLine]:
    """The status line in the place of `sys.stderr` for as long as this lasts, shown where it is wanted and that is a terminal."""
    stream = sys.stderr
    line = StatusLine(stream, shown=wanted and stream.isatty())
    sys.stderr = cast(TextIO, line)
    try:
        yield line
    finally:
        line.show("")
        sys.stderr = stream
