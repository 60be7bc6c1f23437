"""Files that the command line writes."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from .errors import CommandError


@contextmanager
def whole_file(name: str) -> Iterator[TextIO]:
    """A file that gets its name only once it is whole; until then, and for good where something goes wrong, what was there before stays.

    Raises CommandError where it can't be written, before anything is asked for that would then be in vain.
    """
    unfinished = Path(f"{name}.part")
    try:
        if Path(name).is_dir():
            raise IsADirectoryError(None, "it is a folder")
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            yield file
        unfinished.replace(name)
    except OSError as error:
        raise CommandError(f"cannot write {name}: {error.strerror}", code="bad_file") from None
    finally:
        with suppress(OSError):
            unfinished.unlink()
