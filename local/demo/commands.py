"""The commands that the story is made of, each a process of its own, as a user would run them."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cli.errors import CommandError
from local.demo.stage import Stage

REGULARS = Path(sys.executable).with_name("regulars")

# Ctrl-C on a terminal reaches every process of the foreground group, and each would say so: theirs is another, and we end them.
_OWN_GROUP = 0


def regulars(stage: Stage, *arguments: str) -> str:
    """What the command line printed. Raises CommandError with its own words if it failed."""
    address = {**os.environ, "REGULARS_API": stage.api} | ({"REGULARS_TOKEN": stage.token} if stage.token else {})
    done = subprocess.run([REGULARS, *arguments], env=address, capture_output=True, text=True, check=False, process_group=_OWN_GROUP)
    if done.returncode:
        raise CommandError(f"`regulars {' '.join(arguments)}` failed:\n{done.stderr}")
    return done.stdout


def put(stage: Stage, noun: str, document: dict[str, Any]) -> None:
    """Saves a segment or a campaign."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(document, file)
        file.flush()
        regulars(stage, noun, "put", file.name)


def shop(stage: Stage, households: int) -> Iterator[tuple[int, int]]:
    """Sends the year; events and bytes accepted so far, after each batch. Raises CommandError if a batch is refused."""
    command = [sys.executable, "-m", "local.demo.shop", stage.api, stage.write_key, str(households)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, process_group=_OWN_GROUP) as process:
        try:
            for line in process.stdout or ():
                events, size = map(int, line.split())
                yield events, size
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise CommandError("the shop's events were not all accepted")
