"""The console's files, which the layer ConsoleLayer puts beside the function."""

from collections.abc import Iterator, Mapping
from pathlib import Path


class ConsoleFiles(Mapping[str, bytes]):
    """Content by name, as in `parts/table.js`. Read when it is asked for: locally a file that was just changed is served as it is now."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def __getitem__(self, name: str) -> bytes:
        try:
            return (self._folder / name).read_bytes()
        except OSError as error:
            raise KeyError(name) from error

    def __iter__(self) -> Iterator[str]:
        return (path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*") if path.is_file())

    def __len__(self) -> int:
        return sum(1 for _ in self)
