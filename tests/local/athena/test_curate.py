"""curate over the local Athena: each event once whatever goes wrong, nothing asked where nothing landed, the same bytes however long the history."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import orjson
import pytest

from regulars.adapters import aws as clients
from regulars.adapters.s3_objects import S3Objects
from regulars.domain.curation.state import BEGINNING, LEASE, CurateState
from regulars.domain.errors import QueryFailedError
from regulars.domain.people.identities import Decision
from tests.local.athena.curation import MIGRATIONS, NOW, CuratedLake, commits_held, curated_lake, migrate

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena


class Died(BaseException):
    """The function is gone: nothing after this line runs."""


@pytest.fixture
def lake(athena: "Athena", monkeypatch: pytest.MonkeyPatch) -> CuratedLake:
    monkeypatch.setattr(clients, "_clients", {})
    return curated_lake(athena)


def test_what_landed_is_there_once_and_is_known(lake: CuratedLake) -> None:
    lake.land({"message_id": "m1"}, {"message_id": "m2"}, {"message_id": "m1"})
    assert lake.curate().finished
    lake.land({"message_id": "m2"}, {"message_id": "m3"})
    assert lake.curate().finished
    assert (lake.messages(), lake.known()) == (["m1", "m2", "m3"], 3)


def test_where_nothing_landed_athena_is_not_asked(lake: CuratedLake) -> None:
    lake.land({"message_id": "m1"})
    assert lake.curate().finished
    lake.queries.started.clear()
    for _ in range(3):
        assert lake.curate().finished
    assert lake.queries.started == []


def test_what_was_read_is_not_read_again(lake: CuratedLake) -> None:
    lake.land(*({"message_id": f"m{number}"} for number in range(50)))
    assert lake.curate().rows == 50
    lake.land({"message_id": "new"})
    assert lake.curate().rows == 1


def test_a_load_that_began_before_the_last_run_and_wrote_after_it_is_read(lake: CuratedLake) -> None:
    began = lake.clock.moment + timedelta(minutes=14)
    lake.curate()
    late = f"raw/events/dt={began:%Y-%m-%d}/hh={began:%H}/mm={began.minute // 5 * 5:02d}/late.json.gz"
    lake.land({"message_id": "m1"}, key=late)
    lake.curate()
    assert lake.messages() == ["m1"]


def test_a_copy_with_a_time_of_up_to_a_day_away_is_recognised(lake: CuratedLake) -> None:
    lake.land({"message_id": "m1", "event_ts": "2026-11-20 00:00:01.000"})
    lake.curate()
    lake.land({"message_id": "m1", "event_ts": "2026-11-21 00:00:00.000"}, {"message_id": "m1", "event_ts": "2026-11-19 00:00:02.000"})
    lake.curate()
    assert lake.messages() == ["m1"]


def test_an_import_of_years_is_recognised_the_second_time(lake: CuratedLake) -> None:
    years = [
        {"message_id": f"{year}-{month}", "event_ts": f"{year}-{month:02d}-28 12:00:00.000"} for year in range(2021, 2026) for month in range(1, 13)
    ]
    lake.land(*years)
    assert lake.curate().finished
    lake.land(*years)
    assert lake.curate().finished
    assert (len(lake.messages()), lake.known()) == (60, 60)


def test_an_event_that_is_known_by_its_month_is_recognised_when_its_copy_is_known_by_its_day(lake: CuratedLake) -> None:
    late = {"message_id": "m1", "event_ts": "2026-10-17 12:00:00.000", "received_ts": "2026-11-21 12:00:01.000"}
    lake.land(late, {**late, "message_id": "m2", "received_ts": "2026-11-21 11:59:59.000"})
    lake.curate()
    assert lake.athena.rows("SELECT period FROM known_messages ORDER BY period") == [["2026-10"], ["2026-10-17"]]
    lake.land({**late, "received_ts": "2026-11-21 11:59:59.000"}, {**late, "message_id": "m2"})
    lake.curate()
    assert lake.messages() == ["m1", "m2"]


def test_copies_in_two_statements_of_one_run_are_one_event(lake: CuratedLake) -> None:
    lake.land(
        *({"message_id": f"old{number}", "event_ts": "2026-10-31 23:00:00.000"} for number in range(3)),
        {"message_id": "m1", "event_ts": "2026-10-31 23:59:59.000"},
        {"message_id": "m1", "event_ts": "2026-11-01 00:00:01.000"},
    )
    lake.curate(rows_per_statement=2)
    assert lake.messages() == ["m1", "old0", "old1", "old2"]


def test_a_look_that_fails_while_an_insert_runs_inserts_nothing_twice(lake: CuratedLake) -> None:
    lake.land({"message_id": "m1"}, {"message_id": "m2"})
    with commits_held() as release:

        def fail_then_release(waits: int) -> None:
            if waits == 0:
                raise QueryFailedError("Athena cannot be reached")
            if waits == 1:
                release()

        lake.queries.on_wait = fail_then_release
        with pytest.raises(QueryFailedError):
            lake.curate()
        assert lake.curate().finished
    assert (lake.messages(), lake.known()) == (["m1", "m2"], 2)


def test_an_insert_that_outlives_its_run_is_waited_for_by_the_next(lake: CuratedLake) -> None:
    lake.land({"message_id": "m1"}, {"message_id": "m2"})
    with commits_held() as release:
        left = iter([timedelta(minutes=5), timedelta(seconds=20.1)])
        assert not lake.curate(time_left=lambda: next(left)).finished
        assert not lake.curate(time_left=lambda: timedelta(seconds=20.1)).finished, "it still runs"
        release()
        assert lake.curate().finished
    assert len([sql for sql in lake.queries.started if sql.startswith("INSERT INTO events")]) == 2, "the second finds all known"
    assert (lake.messages(), lake.known()) == (["m1", "m2"], 2)


def test_a_run_that_dies_between_starting_an_insert_and_keeping_its_id_inserts_once(lake: CuratedLake) -> None:
    lake.land({"message_id": "m1"}, {"message_id": "m2"})

    def die(sql: str) -> None:
        if sql.startswith("INSERT INTO events"):
            raise Died

    with commits_held() as release:
        lake.queries.on_start = die
        with pytest.raises(Died):
            lake.curate()
        lake.queries.on_start = lambda sql: None
        lake.queries.on_wait = lambda waits: release()
        assert lake.curate().busy, "its lease is not over"
        lake.clock.advance(LEASE)
        assert lake.curate().finished
    assert (lake.messages(), lake.known()) == (["m1", "m2"], 2)


@pytest.mark.parametrize("table", ["events", "known_messages", "people", "devices"])
def test_a_run_may_die_after_any_statement(lake: CuratedLake, table: str) -> None:
    lake.land({"message_id": "m1"}, {"message_id": "m2", "device_id": "d", "device_token": "t"})

    def die(waits: int) -> None:
        if f" INTO {table} " in lake.queries.started[-1]:
            assert lake.athena.end(_id(lake))["Status"]["State"] == "SUCCEEDED"
            raise Died

    lake.queries.on_wait = die
    with pytest.raises(Died):
        lake.curate()
    lake.queries.on_wait = lambda waits: None
    lake.clock.advance(LEASE)
    lake.land({"message_id": "m1"})
    assert lake.curate().finished
    assert lake.messages() == ["m1", "m2"]
    assert lake.athena.rows("SELECT user_id FROM people") == [["ada"]]
    assert lake.athena.rows("SELECT device_id, token FROM devices") == [["d", "t"]]


def _id(lake: CuratedLake) -> str:
    under_way = lake.state.get().value.under_way
    assert under_way is not None
    return under_way.query_id


def test_the_upgrade_reads_what_lies_in_the_folders_of_hours_and_knows_what_was_curated_before(athena: "Athena") -> None:
    lake = curated_lake(athena, MIGRATIONS[:7])
    lake.athena.run(
        "INSERT INTO events (message_id, user_id, type, event_name, event_ts, received_ts, curated_ts, traits) VALUES "
        + ", ".join(f"('old{n}', 'ada', 'identify', 'identify', {_at(n)}, {_at(n)}, {_at(n)}, '{{\"n\":{n}}}')" for n in range(120))
    )
    lake.athena.run(f"INSERT INTO people (user_id, first_seen_ts, last_seen_ts, traits) VALUES ('ada', {_at(0)}, {_at(119)}, '{{\"n\":119}}')")
    state = lake.state.get().value.leased(lake.clock.moment).inserting((NOW.date(), NOW.date()))
    lake.state.put(_of_before(state.finished(lake.clock.moment)), expected=0)
    migrate(lake, MIGRATIONS[7:])
    lake.land(
        {"message_id": "new"},
        {"message_id": "old119", "event_ts": "2026-11-20 12:00:00.000"},
        key=f"raw/events/{lake.clock.moment:dt=%Y-%m-%d/hh=%H}/x.json.gz",
    )
    lake.land({"message_id": "newer"})
    assert lake.curate().finished
    assert len(lake.messages()) == 122
    assert lake.known() == 122
    assert lake.athena.rows("SELECT traits, trait_times FROM people") == [
        ['{"n":119}', '{"n":"2026-11-20 12:00:00.000000 2026-11-20 12:00:00.000000 0000 old119"}']
    ]


def _at(day: int) -> str:
    return f"CAST('{datetime(2026, 7, 24, 12) + timedelta(days=day)}.000000' AS TIMESTAMP(6))"


def _of_before(state: CurateState) -> CurateState:
    return replace(state, people_through=BEGINNING, known_through=BEGINNING, inserted_days=None)


def test_claims_move_what_was_anonymous_until_somebody_separates_it(lake: CuratedLake) -> None:
    lake.land({"message_id": "m1", "user_id": None, "anonymous_id": "a1"}, {"message_id": "m2", "user_id": "bob", "anonymous_id": "a2"})
    lake.curate()
    lake.land({"message_id": "m3", "anonymous_id": "a1"}, {"message_id": "m4", "user_id": "bob", "anonymous_id": "a1"})
    lake.curate()
    claims = "SELECT id, user_id, since_ts IS NULL, until_ts IS NULL FROM identities ORDER BY id, user_id"
    assert lake.athena.rows(claims) == [["a1", "ada", "false", "true"], ["a1", "bob", "true", "true"], ["a2", "bob", "false", "true"]]
    decided = Decision("anonymous", "a1", "ada", "separated", lake.clock.moment, "me")
    S3Objects(lake.bucket).put(decided.key, orjson.dumps(decided.row()))
    assert lake.curate().statements == 1
    assert lake.athena.rows(claims) == [["a1", "ada", "false", "false"], ["a1", "bob", "false", "true"], ["a2", "bob", "false", "true"]]
