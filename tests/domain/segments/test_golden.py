"""Rules and the SQL they become, as files to read. After a change that is meant: WRITE_GOLDEN=1, run, and read the difference.

Two things that many have alike stand as `…` in the files: `owners` as of the rule's moment (whole in tests/domain/lake/owners.sql), and the names of
all time zones.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
from sqlglot import exp

from regulars.domain.lake.owners import OWNERS, owners
from regulars.domain.lake.sql import printed, text
from regulars.domain.segments import audience_sql, parse_rule, parse_segment
from regulars.domain.segments.zones import ZONES
from tests.domain.segments.judges import accepted

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.stem for path in GOLDEN.glob("*.json"))

_LEFT_OUT: Final = exp.var("…")


def compiled(name: str) -> str:
    return printed(_compiled(_case(name)))


def _case(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_text())


def _compiled(case: Any) -> exp.Select:
    segments = {segment_id: parse_segment(document) for segment_id, document in case.get("segments", {}).items()}
    return audience_sql(parse_rule(case["rule"]), _as_of(case), segments, only=case.get("only"))


def _as_of(case: Any) -> datetime:
    return datetime.fromisoformat(case["as_of"])


def _readable(case: Any) -> str:
    tree = _compiled(case)
    for part in tree.find_all(exp.CTE, exp.In):
        if part.alias == OWNERS and part.this == owners(_as_of(case)):
            part.set("this", _LEFT_OUT)
        elif part.expressions == [text(zone) for zone in ZONES]:
            part.set("expressions", [_LEFT_OUT])
    return printed(tree, pretty=True) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_printing_leaves_a_statement_as_it_is(name: str) -> None:
    tree = _compiled(_case(name))
    before = tree.copy()
    printed(tree)
    assert tree == before


@pytest.mark.parametrize("name", CASES)
def test_the_sql_is_as_written_down(name: str) -> None:
    readable, expected = _readable(_case(name)), GOLDEN / f"{name}.sql"
    if os.environ.get("WRITE_GOLDEN"):
        expected.write_text(readable)
    assert readable == expected.read_text()


@pytest.mark.parametrize("name", CASES)
def test_two_other_parsers_of_trino_accept_it(name: str) -> None:
    accepted(compiled(name))


def test_no_sql_file_has_lost_its_rule() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.sql")) == CASES
