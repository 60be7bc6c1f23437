"""The demonstration, small, on a terminal: progress bars and colours share the process with the functions whose prints are caught."""

import os
import pty
import re
import subprocess
import threading

from tests.e2e.conftest import REGULARS, three_free_ports


def test_the_demonstration_plays_to_its_end_on_a_terminal() -> None:
    ours, theirs = pty.openpty()
    shown: list[bytes] = []

    def read() -> None:
        try:
            while part := os.read(ours, 65536):
                shown.append(part)
        except OSError:
            return  # the terminal's other end is closed

    reader = threading.Thread(target=read)
    reader.start()
    command = [REGULARS, "demo", "--households", "30", "--port", str(three_free_ports())]
    done = subprocess.run(command, stdin=theirs, stdout=theirs, stderr=theirs, timeout=150, check=False, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    reader.join(10)
    os.close(ours)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", b"".join(shown).decode(errors="replace"))
    assert done.returncode == 0, text[-2000:]
    assert re.search(r"\d+ pushes arrived", text) and "cannot be told from zero" in text and "together" in text
