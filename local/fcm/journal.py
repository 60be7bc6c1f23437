"""Everything that was sent to the double, in order: bodies in a file, some 20 bytes a message in memory."""

import datetime
import os
from array import array
from pathlib import Path
from typing import Any

import orjson


class Journal:
    def __init__(self, path: Path) -> None:
        self._file = path.open("w+b", buffering=1 << 16)
        self.reset()

    def reset(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._ends = array("Q", [0])
        self._at = array("d")
        self._answers = array("H")
        self._readable = array("b")

    def close(self) -> None:
        self._file.close()

    def append(self, at: float, body: bytes, answer: int, *, readable: bool) -> None:
        """`at` in seconds since 1970, `answer` an HTTP status, `readable` whether the body is JSON."""
        self._file.write(body)
        self._ends.append(self._ends[-1] + len(body))
        self._at.append(at)
        self._answers.append(answer)
        self._readable.append(readable)

    def page(self, since: int, limit: int | None = None) -> bytes:
        """The JSON of {"next", "messages": [{"at", "body", "answer"}..]} from message number `since` (0-based) on.

        A body that is not JSON is given as text.
        """
        total = len(self._at)
        first = min(max(since, 0), total)
        last = total if limit is None else min(first + limit, total)
        self._file.flush()
        begin = self._ends[first]
        stored = os.pread(self._file.fileno(), self._ends[last] - begin, begin)
        bodies = (stored[self._ends[n] - begin : self._ends[n + 1] - begin] for n in range(first, last))
        messages = [self._entry(n, body) for n, body in enumerate(bodies, first)]
        return orjson.dumps({"next": last, "messages": messages})

    def _entry(self, number: int, body: bytes) -> dict[str, Any]:
        at = datetime.datetime.fromtimestamp(self._at[number], datetime.UTC)
        decoded = orjson.Fragment(body) if self._readable[number] else body.decode("utf-8", "replace")
        return {"at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "body": decoded, "answer": self._answers[number]}
