"""The lake's tables as a stack makes them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from regulars.domain.lake.migration_files import migrations

_FOLDER: Final = Path(__file__).parents[1] / "infra" / "migrations"


def statements(bucket: str) -> Iterator[str]:
    """Every statement of the migrations, in their order."""
    files = {path.name: path.read_text(encoding="utf-8") for path in _FOLDER.glob("*.sql")}
    for migration in migrations(files):
        for one in migration.statements:
            yield one.text.replace("${LakeBucket}", bucket)
