"""How much of what people do goes to what an item says: read, counted by the lake and in Python alike, and told."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlglot import exp

from regulars.domain.errors import InvalidJourneyError
from regulars.domain.journeys.affinity import Affinity, affinity_in, read_affinity, told
from regulars.domain.lake.owners import OWNERS
from regulars.domain.lake.sql import printed
from regulars.domain.language import Problems, Value
from regulars.domain.segments import audience_sql, parse_rule
from regulars.domain.segments.evaluate import PastEvent
from regulars.domain.segments.evaluate.shares import Share
from tests.domain.segments.judges import accepted, known_names
from tests.domain.segments.lake import Lake
from tests.domain.segments.people import histories as people_of
from tests.domain.segments.rules import AS_OF, histories, likings
from tests.drawn import drawn

ITEM = {"id": "1", "title": "Rain", "author": "Ada", "tags": ["weather", "uk"]}
LIKE = {"property": "category", "in": {"content": "tags"}}
READS = {"event": "Article Read", "where": [LIKE], "within": "90d"}
EVERYBODY = {"everyone": True}
GOLDEN = Path(__file__).parent / "affinity.sql"


def read(document: Any) -> tuple[Affinity | None, list[tuple[str, str]]]:
    problems = Problems()
    found = read_affinity(Value(document, InvalidJourneyError, "entry.affinity"), problems)
    return found, [(problem.path, problem.message) for problem in problems.found]


def affinity(**more: Any) -> Affinity:
    found, problems = read({**READS, **more})
    assert found is not None and not problems
    return found


def asked(this: Affinity, item: dict[str, Any] = ITEM, as_of: datetime = AS_OF) -> exp.Select | None:
    return this.asked(audience_sql(parse_rule(EVERYBODY), as_of, {}), item, as_of)


def reads(*categories: str | None, days: float = 1) -> list[PastEvent]:
    at = AS_OF - timedelta(days=days)
    return [PastEvent(f"m{n}", "Article Read", at, properties=orjson.dumps({"category": each}).decode()) for n, each in enumerate(categories)]


def test_the_sql_is_as_written_down() -> None:
    tree = asked(affinity(gte=0.3))
    assert tree is not None
    accepted(printed(tree))
    for part in tree.find_all(exp.CTE):
        if part.alias == OWNERS:
            part.set("this", exp.var("…"))
    readable = printed(tree, pretty=True) + "\n"
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(readable)
    assert readable == GOLDEN.read_text()


@pytest.fixture(scope="module")
def lake() -> Iterator[Lake]:
    yield Lake()


@drawn(20, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(history=histories(), liking=likings, least=st.integers(1, 2))
def test_the_lake_and_python_find_the_same_share(lake: Lake, history: list[dict[str, Any]], liking: dict[str, Any], least: int) -> None:
    lake.fill(history)
    everybody = {user: person for user, person in people_of(history, (), AS_OF).items() if person.known(AS_OF)}
    for share in (None, 0.5):
        this = Affinity(liking, least, share)
        tree = asked(this)
        assert tree is not None
        known_names(printed(tree))
        rows = lake.rows(printed(tree))
        found = {row["user_id"]: this.of(Share(row["these"], row["alike"])) if row["these"] else None for row in rows}
        mine = {user: this.of_person(ITEM, person.events, AS_OF) for user, person in everybody.items()}
        assert found == {user: likes for user, likes in mine.items() if this.lets_in(likes)}, printed(tree)


def test_it_is_the_share_of_what_somebody_did_and_unknown_of_who_did_little() -> None:
    mixed = reads("weather", "uk", "football", None)
    assert affinity(least=4).of_person(ITEM, mixed, AS_OF) == 0.5
    assert affinity().of_person(ITEM, mixed, AS_OF) is None
    assert affinity(least=4).of_person(ITEM, [*mixed, *reads("uk", days=91)], AS_OF) == 0.5
    assert affinity(least=4).of_person({**ITEM, "tags": []}, mixed, AS_OF) is None


@pytest.mark.parametrize(("likes", "some", "any_"), [(0.3, True, True), (0.29, False, True), (None, False, True)])
def test_without_a_bound_the_item_is_for_everybody_of_the_audience(likes: float | None, some: bool, any_: bool) -> None:
    assert (affinity(gte=0.3).lets_in(likes), affinity().lets_in(likes)) == (some, any_)


def test_of_an_item_that_does_not_say_it_nobody_is_asked_for() -> None:
    untagged = {"id": "1", "title": "Rain"}
    assert asked(affinity(gte=0.3), untagged) is None
    plain = asked(affinity(), untagged)
    assert plain is not None and plain == audience_sql(parse_rule(EVERYBODY), AS_OF, {})


def test_a_person_is_told_it_with_the_item() -> None:
    assert orjson.loads(told(ITEM, 2 / 3)) == {**ITEM, "affinity": 0.6667} and orjson.loads(told(ITEM, None)) == ITEM
    assert [affinity_in(each) for each in (told(ITEM, 0.25), told(ITEM, None), told(ITEM, 0), None)] == [0.25, -1, 0, -1]


@pytest.mark.parametrize(
    ("document", "path", "said"),
    [
        ("Article Read", "entry.affinity", "object"),
        ({**READS, "count": {"gte": 3}}, "entry.affinity.count", "known: `event`, `where`, `within`, `least`, `gte`"),
        ({**READS, "gte": 30}, "entry.affinity.gte", "from 0 to 1"),
        ({**READS, "least": 0}, "entry.affinity.least", "from 1"),
        ({**READS, "within": "soon"}, "entry.affinity.within", "a span"),
        ({"event": "Article Read", "where": [LIKE]}, "entry.affinity.within", "of how long"),
        ({**READS, "where": [{"property": "category", "eq": "weather"}]}, "entry.affinity.where", "what is like the item"),
        ({"event": "Article Read", "within": "90d"}, "entry.affinity.where", "what is like the item"),
        ({**READS, "where": [{"property": "category", "in": {"content": "tag"}}]}, "entry.affinity.where[0].in.content", "`tags`"),
        ({**READS, "where": [{"property": "category", "is": {"content": "tags"}}]}, "entry.affinity.where[0].is", "`in`"),
    ],
)
def test_what_cannot_be_one_is_refused_with_its_path(document: Any, path: str, said: str) -> None:
    _, problems = read(document)
    assert [(where, said in message) for where, message in problems] == [(path, True)], problems


def test_all_that_is_wrong_is_told_at_once() -> None:
    _, problems = read({"event": "Article Read", "gte": 2, "least": 0})
    assert [path for path, _ in problems] == [f"entry.affinity.{key}" for key in ("least", "gte", "within", "where")]
