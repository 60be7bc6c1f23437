"""Cases that were once wrong, or easily could be: a rule, what people did, and who is selected, in both readings.

Each file: `about`, `rule`, `as_of`, `events` (user_id, event_name, event_ts and what else `lake.Row` names; `message_id` by place where it has none),
`pushes`, `segments` by id, and `selected`.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule, reachable_segments
from tests.domain.segments.judges import accepted
from tests.domain.segments.lake import Lake, Row
from tests.domain.segments.people import audience

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
MOMENTS = ("event_ts", "received_ts", "delivered_ts")


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_both_readings_select_these_people(file: Path) -> None:
    case = json.loads(file.read_text())
    events = [{"message_id": f"m{number:02d}", **_row(row)} for number, row in enumerate(case["events"])]
    pushes = [_row(row) for row in case.get("pushes", [])]
    as_of = datetime.fromisoformat(case["as_of"])
    documents = {name: {"id": name, "name": name, "rule": rule} for name, rule in case.get("segments", {}).items()}
    segments, rule = reachable_segments(documents, documents), parse_rule(case["rule"])
    sql = printed(audience_sql(rule, as_of, segments))
    accepted(sql)
    lake = Lake()
    lake.fill(events)
    lake.deliver(pushes)
    assert sorted(lake.column(sql)) == case["selected"]
    assert audience(rule, events, as_of, segments, pushes=pushes) == case["selected"]


def _row(given: dict[str, Any]) -> Row:
    return {name: datetime.fromisoformat(value) if name in MOMENTS else value for name, value in given.items()}
