"""What is large lies in a temporary folder of this process (TMPDIR), so that memory does not grow with what a platform has done in days."""

import atexit
import shutil
import tempfile
import uuid
from pathlib import Path
from typing import Final

IN_MEMORY_BYTES: Final = 4096
"""Up to this size a thing is about as large as what is remembered of it anyhow."""

_folder: Path | None = None


def folder() -> Path:
    """Made when it is first needed; gone with the process, or with `clear`."""
    global _folder
    if _folder is None:
        _folder = Path(tempfile.mkdtemp(prefix="regulars-"))
        atexit.register(clear)
    return _folder


def clear() -> None:
    """Removes all of it."""
    global _folder
    kept, _folder = _folder, None
    if kept is not None:
        atexit.unregister(clear)
        shutil.rmtree(kept, ignore_errors=True)


class Content:
    """Bytes that may be replaced; a file holds them where they are many, and is open only while somebody reads or writes it."""

    def __init__(self, data: bytes = b"") -> None:
        self._small: bytes | None = b""
        self._path: Path | None = None
        self._size = 0
        self.replace(data)

    def __len__(self) -> int:
        return self._size

    def whole(self) -> bytes:
        """Raises ValueError once it is closed."""
        if self._small is not None:
            return self._small
        try:
            return self._file.read_bytes()
        except FileNotFoundError:
            raise ValueError("this was deleted meanwhile") from None

    def replace(self, data: bytes) -> None:
        self._size = len(data)
        if len(data) <= IN_MEMORY_BYTES:
            self.close()
            self._small = bytes(data)
        else:
            self._file.write_bytes(data)
            self._small = None

    def close(self) -> None:
        """Nobody needs it any more."""
        path, self._path = self._path, None
        if path is not None:
            path.unlink(missing_ok=True)

    __del__ = close

    @property
    def _file(self) -> Path:
        if self._path is None:
            self._path = folder() / uuid.uuid4().hex
        return self._path
