"""The migrations that the layer SchemaLayer puts beside the function."""

from collections.abc import Mapping
from pathlib import Path


def migration_files(folder: str) -> Mapping[str, str]:
    """File name to text, of every .sql file in the folder."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.sql"))}
