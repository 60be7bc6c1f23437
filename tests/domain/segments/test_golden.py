"""Rules and the SQL they become, as files to read. After a change that is meant: WRITE_GOLDEN=1, run, and read the difference."""

import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule, parse_segment
from tests.domain.segments.judges import accepted

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.stem for path in GOLDEN.glob("*.json"))


def compiled(name: str, *, pretty: bool) -> str:
    case = json.loads((GOLDEN / f"{name}.json").read_text())
    segments = {segment_id: parse_segment(document) for segment_id, document in case.get("segments", {}).items()}
    tree = audience_sql(parse_rule(case["rule"]), datetime.fromisoformat(case["as_of"]), segments, only=case.get("only"))
    return printed(tree, pretty=pretty)


@pytest.mark.parametrize("name", CASES)
def test_the_sql_is_as_written_down(name: str) -> None:
    expected = GOLDEN / f"{name}.sql"
    if os.environ.get("WRITE_GOLDEN"):
        expected.write_text(compiled(name, pretty=True) + "\n")
    assert compiled(name, pretty=True) + "\n" == expected.read_text()


@pytest.mark.parametrize("name", CASES)
def test_two_other_parsers_of_trino_accept_it(name: str) -> None:
    accepted(compiled(name, pretty=False))


def test_no_sql_file_has_lost_its_rule() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.sql")) == CASES
