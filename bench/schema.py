"""The lake's tables as a stack makes them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from regulars.domain.lake.migration_files import migrations

_FOLDER: Final = Path(__file__).parents[1] / "infra" / "migrations"


def statements(bucket: str) -> Iterator[str]:
    """The statements of the migrations, in their order, but for those of views: nothing here reads one, and they take longer than all tables."""
    files = {path.name: path.read_text(encoding="utf-8") for path in _FOLDER.glob("*.sql")}
    for migration in migrations(files):
        for one in (one for one in migration.statements if not one.text.startswith("CREATE OR REPLACE VIEW ")):
            yield one.text.replace("${LakeBucket}", bucket)
