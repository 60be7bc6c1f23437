"""The upkeep use case: every Iceberg table is vacuumed, and what deserves it is rewritten."""

from regulars.domain.lake.tables import TABLES
from regulars.usecases.upkeep import upkeep
from tests.fakes.services import ScriptedQueries

FRAGMENTED = [{"event_ts": "678", "event_name": "Viewed", "files": "97"}, {"event_ts": "678", "event_name": None, "files": "9"}]
RUNS = [{"run_id": "r1", "files": "5"}]


def scripted() -> ScriptedQueries:
    return ScriptedQueries({r'"events\$partitions"': FRAGMENTED, r'"deliveries\$partitions"': RUNS, r'"assignments\$partitions"': []})


def test_a_night_is_planned_from_what_the_metadata_says() -> None:
    planned = upkeep(queries=scripted())
    assert [sql.split()[1] for sql in planned.optimize] == ["events", "people", "devices", "deliveries"]
    assert "event_name IN ('Viewed')" in planned.optimize[0] and "run_id IN ('r1')" in planned.optimize[-1]
    assert planned.vacuum == tuple(f"VACUUM {table.name}" for table in TABLES if table.iceberg)
    assert planned.left == 0


def test_what_has_no_room_in_a_night_is_counted_and_left() -> None:
    many = [{"event_ts": str(month), "event_name": f"{'n' * 900}{n}", "files": "9"} for month in (677, 678) for n in range(90)]
    planned = upkeep(queries=ScriptedQueries({r'"events\$partitions"': many, "partitions": []}))
    assert (len(planned.optimize), planned.left) == (1, 3)
    assert "'2026-07-01 00:00:00.000000'" in planned.optimize[0]
