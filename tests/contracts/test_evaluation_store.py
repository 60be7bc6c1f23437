"""What every EvaluationStore does, real or fake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from regulars.adapters.dynamo_evaluations import DynamoEvaluations
from regulars.domain.errors import NotFoundError
from regulars.domain.evaluations import Evaluation, new_evaluation_id
from regulars.domain.queries import Query
from regulars.ports import EvaluationStore
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.stores import MemoryEvaluations

NOON = datetime(2026, 11, 21, 12, 0, 0, 7, tzinfo=UTC)
COUNTED = Evaluation(
    id=new_evaluation_id(NOON, "request-1"),
    segment_id="buyers",
    kind="count",
    as_of=NOON - timedelta(days=1),
    started_at=NOON,
    started_by="mara",
    versions={"buyers": 2, "all": 1},
    sql="SELECT 1",
    snapshots={"events": "9007199254740993", "people": None},
    query_id="q1",
)


@pytest.fixture
def dynamo(table: Tables) -> EvaluationStore:
    return DynamoEvaluations(table("EvaluationsTable"))


evaluations = suite(EvaluationStore, adapter="dynamo", fake=MemoryEvaluations)


def test_an_evaluation_comes_back_as_it_was_and_as_it_became(evaluations: EvaluationStore) -> None:
    evaluations.put(COUNTED)
    assert evaluations.get("buyers", COUNTED.id) == COUNTED
    ended = COUNTED.ended(Query("q1", "succeeded", bytes_scanned=7), count=3, manifest="evaluations/buyers/1.csv")
    evaluations.put(ended)
    assert evaluations.get("buyers", COUNTED.id) == ended


def test_an_evaluation_of_another_segment_is_not_found(evaluations: EvaluationStore) -> None:
    evaluations.put(COUNTED)
    with pytest.raises(NotFoundError, match=COUNTED.id):
        evaluations.get("all", COUNTED.id)


def test_those_of_a_segment_are_listed_the_newest_first(evaluations: EvaluationStore) -> None:
    moments = [NOON, NOON + timedelta(microseconds=1), NOON + timedelta(seconds=1)]
    made = [replace(COUNTED, id=new_evaluation_id(at, "r"), started_at=at) for at in moments]
    for each in (*made, replace(COUNTED, segment_id="others")):
        evaluations.put(each)
    assert evaluations.listed("buyers") == made[::-1]
    assert evaluations.listed("buyers", limit=2) == made[:0:-1]
    assert evaluations.listed("nobody") == []


def test_dynamodb_may_forget_it_after_ninety_days(dynamo: EvaluationStore) -> None:
    dynamo.put(COUNTED)
    (item,) = boto3.client("dynamodb").scan(TableName="EvaluationsTable")["Items"]
    assert int(item["expires_at"]["N"]) == int((NOON + timedelta(days=90)).timestamp())
