"""moto's S3 with its larger objects on disk.

moto 5.2.5 keeps an object in memory up to 5 MB, and beyond that in a temporary file that stays open: a thousand objects would be a thousand open
files.
"""

from types import SimpleNamespace
from typing import Any

from moto.s3 import models

from local.on_disk import Content
from local.runtime.corrections import replace, require_moto


class Buffer:
    """An object's bytes with as much of a file's manners as moto uses: it writes whole objects, and reads under its own lock."""

    def __init__(self, max_size: int = 0) -> None:
        self._content = Content()
        self._place = 0

    def seek(self, place: int) -> None:
        self._place = place

    def read(self, size: int = -1) -> bytes:
        piece = self._content.whole()[self._place : None if size < 0 else self._place + size]
        self._place += len(piece)
        return piece

    def truncate(self) -> None:
        self._content.replace(self._content.whole()[: self._place])

    def write(self, data: Any) -> int:
        before = self._content.whole()[: self._place] if self._place else b""
        self._content.replace(before + bytes(data))
        self._place += len(data)
        return len(data)

    def close(self) -> None:
        self._content.close()


def install() -> None:
    """Correct moto in this process; objects made before stay as they are. Idempotent; raises WrongMotoVersionError."""
    require_moto("S3")
    replace(models, "tempfile", SimpleNamespace(SpooledTemporaryFile=Buffer))
