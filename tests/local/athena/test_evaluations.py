"""Evaluations over the local Athena: the same people again, whatever became of the lake, and the objects of an export."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from local.athena.engine import settled
from regulars.adapters.glue_tables import GlueTables
from regulars.adapters.s3_objects import S3Objects
from regulars.usecases.backtest_segment import look_at_backtest, start_backtest
from regulars.usecases.evaluate_segment import look_at_evaluation, members_page, start_evaluation
from regulars.usecases.evaluation_record import EvaluationLook
from regulars.usecases.export_segment import ExportTargets, start_export
from regulars.usecases.show_evaluations import show_again
from tests.fakes.clock import MovableClock
from tests.fakes.stores import MemoryDefinitions, MemoryEvaluations, MemoryRuns
from tests.local.athena.curation import LOOK_SECONDS, CuratedLake, curated_lake

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

DAY = timedelta(days=1)
AS_OF = datetime(2026, 12, 1, tzinfo=UTC)
RULES: dict[str, Any] = {
    "all": {"everyone": True},
    "no-buyers": {"not": {"event": "Bought"}},
    "visitors": {"any": [{"event": "Viewed"}, {"trait": "plan", "eq": "pro"}]},
}


class Asking:
    """Whoever asks that lake who is in a segment, now."""

    def __init__(self, lake: CuratedLake) -> None:
        self.lake, self.objects, self.definitions, self.evaluations = lake, S3Objects(lake.bucket), MemoryDefinitions(), MemoryEvaluations()
        self.catalog, self.clock = GlueTables(lake.athena.database), MovableClock(datetime.now(UTC))
        for name, rule in RULES.items():
            self.definitions.put("segment", name, {"id": name, "name": name, "rule": rule}, at=AS_OF, by="ann")
        self.asked: dict[str, Any] = {"evaluations": self.evaluations, "queries": lake.queries, "catalog": self.catalog, "clock": self.clock}

    def ask(self, start: Any, *names: str, **more: Any) -> EvaluationLook:
        """Started, and waited for."""
        self.clock.moment = datetime.now(UTC) + timedelta(seconds=1)
        begun = start(*names, request=str(len(self.evaluations.kept)), by="mara", **self.asked, **more)
        done = begun
        while done.state in ("queued", "running"):
            settled(LOOK_SECONDS)
            done = look_at_evaluation(begun.ticket, evaluations=self.evaluations, queries=self.lake.queries, lake=self.objects)
        assert done.state == "succeeded", done.reason
        return done

    def count(self, segment_id: str) -> EvaluationLook:
        return self.ask(start_evaluation, segment_id, kind="count", as_of=AS_OF, definitions=self.definitions)

    def again(self, segment_id: str, evaluation: EvaluationLook) -> list[str]:
        done = self.ask(show_again, segment_id, evaluation.id, runs=MemoryRuns())
        return list(members_page(done.ticket, evaluations=self.evaluations, lake=self.objects).members)


@pytest.fixture
def lake(athena: "Athena") -> CuratedLake:
    return curated_lake(athena)


def test_a_count_is_shown_again_member_by_member_after_people_came_late_and_became_others(lake: CuratedLake) -> None:
    lake.land(*({"message_id": f"m{n}", "user_id": f"u{n}"} for n in range(3)))
    lake.curate()
    asking = Asking(lake)
    counted = {name: asking.count(name) for name in RULES}
    renamed = {"type": "alias", "event_name": "alias", "user_id": "new", "properties": {"previousId": "u1"}}
    lake.land({"message_id": "late", "user_id": "late"}, {"message_id": "a1", **renamed})
    lake.curate()
    assert {asking.count(name).count for name in RULES} == {4}
    assert {name: (found.count, asking.again(name, found)) for name, found in counted.items()} == {name: (3, ["u0", "u1", "u2"]) for name in RULES}


def test_a_backtest_counts_each_day_as_an_evaluation_of_it_does(lake: CuratedLake) -> None:
    lake.land({"message_id": "m1", "user_id": "u1"}, {"message_id": "m2", "type": "identify", "event_name": "identify", "traits": {"plan": "pro"}})
    lake.curate()
    asking = Asking(lake)
    asked: dict[str, Any] = {"definitions": asking.definitions, "queries": lake.queries, "catalog": asking.catalog, "clock": MovableClock(AS_OF)}
    for name in RULES:
        look = start_backtest(name, start=AS_OF - 20 * DAY, end=AS_OF, every=10 * DAY, **asked)
        while look.state in ("queued", "running"):
            settled(LOOK_SECONDS)
            look = look_at_backtest(look.ticket, queries=lake.queries)
        assert look.days is not None, look.reason
        evaluated = [asking.ask(start_evaluation, name, kind="count", as_of=day.at, definitions=asking.definitions).count for day in look.days]
        assert [day.count for day in look.days] == evaluated
        assert evaluated[-1] > 0


def test_what_athena_exports_is_there_as_json_lines(lake: CuratedLake) -> None:
    traits = {"firstName": "Zoë", "age": 7, "tags": ["a"]}
    lake.land({"message_id": "m1", "user_id": "u1"}, {"message_id": "m2", "type": "identify", "event_name": "identify", "traits": traits})
    lake.curate()
    asking = Asking(lake)
    targets = ExportTargets(lake.bucket)
    wanted = {"traits": ["firstName", "age", "tags"], "to": f"s3://{lake.bucket}/exports/", "as_of": AS_OF, "targets": targets}
    done = asking.ask(start_export, "all", **wanted, definitions=asking.definitions)
    assert done.location is not None
    prefix = done.location.removeprefix(f"s3://{lake.bucket}/")
    lines = [line for key in asking.objects.keys(prefix) for line in gzip.decompress(asking.objects.get(key)).splitlines()]
    assert sorted((json.loads(line) for line in lines), key=lambda each: each["user_id"]) == [
        {"user_id": "ada", "traits": {"firstName": "Zoë", "age": "7", "tags": '["a"]'}},
        {"user_id": "u1", "traits": {"firstName": None, "age": None, "tags": None}},
    ]
