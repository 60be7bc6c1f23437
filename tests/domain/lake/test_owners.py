"""Whose an event is, as SQL to read. What it answers is tested over the lake (tests/adapters). After a change that is meant: WRITE_GOLDEN=1."""

import os
from datetime import datetime
from pathlib import Path

from regulars.domain.lake.owners import owners
from regulars.domain.lake.sql import printed


def test_the_sql_is_as_written_down() -> None:
    expected = Path(__file__).parent / "owners.sql"
    readable = printed(owners(datetime.fromisoformat("2017-10-01T00:00:00Z")), pretty=True) + "\n"
    if os.environ.get("WRITE_GOLDEN"):
        expected.write_text(readable)
    assert readable == expected.read_text()
