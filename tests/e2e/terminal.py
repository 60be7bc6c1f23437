"""A command on a terminal of its own, as a person runs it."""

import os
import pty
import re
import select
import subprocess
import threading
import time
from pathlib import Path

PATIENCE_SECONDS = 150


def another(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in another terminal, where nobody has exported an address or a token."""
    unset = {name: value for name, value in os.environ.items() if not name.startswith("REGULARS_")}
    return subprocess.run(command, env={**unset, **environment}, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)


class Terminal:
    """What is typed and what is shown; colours and movements of the cursor are left out of `text`."""

    def __init__(self, *command: str | Path, **environment: str) -> None:
        self._ours, theirs = pty.openpty()
        self._shown: list[bytes] = []
        self._closing = threading.Event()
        # In a session of its own with this terminal: a Ctrl-C reaches the command and all that it starts.
        launcher = "import fcntl, os, sys, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
        self.process = subprocess.Popen(
            ["python3", "-c", launcher, *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "200", **environment},
        )
        os.close(theirs)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def text(self) -> str:
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", b"".join(self._shown).decode(errors="replace"))

    def wait_for(self, words: str) -> None:
        """Until the words are shown; fails if the command ends before."""
        end = time.monotonic() + PATIENCE_SECONDS
        while words not in self.text:
            assert self.process.poll() is None and time.monotonic() < end, self.text[-2000:]
            time.sleep(0.05)

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def close(self) -> None:
        """As a person closes the window: nobody may be reading then, or the terminal is still there."""
        self._closing.set()
        self._reader.join()
        os.close(self._ours)

    def ended(self) -> int:
        """The exit status, once all that was shown is read."""
        status = self.process.wait(PATIENCE_SECONDS)
        self._reader.join(10)
        return status

    def _read(self) -> None:
        try:
            while not self._closing.is_set():
                if select.select([self._ours], [], [], 0.1)[0]:
                    self._shown.append(os.read(self._ours, 65536))
        except OSError:
            return  # the terminal's other end is closed
