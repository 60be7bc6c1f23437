"""What every DefinitionStore does, real or fake."""

import json
from typing import Any

import boto3
import pytest

from regulars.adapters.dynamo_definitions import DynamoDefinitions
from regulars.domain.definitions import Definition
from regulars.domain.errors import ConflictError, NotFoundError, StaleVersionError, StoreUnavailableError
from regulars.ports import DefinitionStore
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.clock import MOMENT
from tests.fakes.stores import MemoryDefinitions


@pytest.fixture
def dynamo(table: Tables) -> DynamoDefinitions:
    return DynamoDefinitions(table("DefinitionsTable"))


definitions = suite(DefinitionStore, adapter="dynamo", fake=MemoryDefinitions)


def put(definitions: DefinitionStore, identity: str, **document: Any) -> int:
    return definitions.put("segment", identity, {"id": identity, **document}, at=MOMENT, by="tests").version


def shown(found: Definition) -> tuple[str, int, bool]:
    return found.id, found.version, found.archived


def test_versions_count_from_1_and_the_newest_is_given(definitions: DefinitionStore) -> None:
    assert [put(definitions, "lapsing", n=n) for n in (1, 2, 3)] == [1, 2, 3]
    expected = Definition("segment", "lapsing", 3, {"id": "lapsing", "n": 3}, MOMENT, "tests")
    assert definitions.get("segment", "lapsing") == expected


def test_what_was_put_is_answered(definitions: DefinitionStore) -> None:
    made = definitions.put("campaign", "spring", {"id": "spring"}, at=MOMENT, by="mara")
    assert made == Definition("campaign", "spring", 1, {"id": "spring"}, MOMENT, "mara") == definitions.get("campaign", "spring")


def test_old_versions_stay(definitions: DefinitionStore) -> None:
    put(definitions, "lapsing", n=1)
    put(definitions, "lapsing", n=2)
    found = definitions.get("segment", "lapsing", 1)
    assert (found.document["n"], found.version) == (1, 1)


@pytest.mark.parametrize(("identity", "version"), [("nobody", None), ("lapsing", 2), ("lapsing", 0)])
def test_what_is_not_there_is_not_found(definitions: DefinitionStore, identity: str, version: int | None) -> None:
    put(definitions, "lapsing")
    with pytest.raises(NotFoundError):
        definitions.get("segment", identity, version)


def test_kinds_are_apart(definitions: DefinitionStore) -> None:
    put(definitions, "spring")
    with pytest.raises(NotFoundError):
        definitions.get("campaign", "spring")
    with pytest.raises(NotFoundError):
        definitions.archive("campaign", "spring")


def test_all_gives_the_newest_of_each_by_id(definitions: DefinitionStore) -> None:
    for identity, n in (("b", 1), ("a-b", 1), ("a", 1), ("b", 2), ("a.b", 1)):
        put(definitions, identity, n=n)
    assert [(found.id, found.version) for found in definitions.all("segment")] == [("a", 1), ("a-b", 1), ("a.b", 1), ("b", 2)]
    assert list(definitions.all("campaign")) == []


def test_every_version_of_one_comes_newest_first_and_no_others(definitions: DefinitionStore) -> None:
    for identity, n in (("a", 1), ("a-b", 1), ("a", 2), *(("a", n) for n in range(3, 13))):
        put(definitions, identity, n=n)
    found = definitions.versions("segment", "a")
    assert [each.version for each in found] == list(range(12, 0, -1))
    assert all(each.id == "a" and each.document["n"] == each.version for each in found)
    with pytest.raises(NotFoundError):
        definitions.versions("segment", "nobody")


# ------------------------------------------------------------------------------------------------------- archived


def test_an_archived_definition_is_kept_and_shown_as_archived(definitions: DefinitionStore) -> None:
    put(definitions, "lapsing", n=1)
    put(definitions, "lapsing", n=2)
    assert shown(definitions.archive("segment", "lapsing")) == ("lapsing", 2, True)
    assert shown(definitions.get("segment", "lapsing")) == ("lapsing", 2, True)
    assert [shown(each) for each in definitions.all("segment")] == [("lapsing", 2, True)]
    assert [shown(each) for each in definitions.versions("segment", "lapsing")] == [("lapsing", 2, True), ("lapsing", 1, False)]
    assert definitions.get("segment", "lapsing").document == {"id": "lapsing", "n": 2}


def test_archiving_twice_changes_nothing(definitions: DefinitionStore) -> None:
    put(definitions, "lapsing")
    assert definitions.archive("segment", "lapsing") == definitions.archive("segment", "lapsing")


def test_putting_an_archived_definition_again_brings_it_back(definitions: DefinitionStore) -> None:
    put(definitions, "lapsing", n=1)
    definitions.archive("segment", "lapsing")
    assert put(definitions, "lapsing", n=1) == 2
    assert shown(definitions.get("segment", "lapsing")) == ("lapsing", 2, False)
    assert [shown(each) for each in definitions.all("segment")] == [("lapsing", 2, False)]
    assert [shown(each) for each in definitions.versions("segment", "lapsing")] == [("lapsing", 2, False), ("lapsing", 1, False)]


@pytest.mark.parametrize("version", [None, 1])
def test_a_version_that_is_named_is_archived_where_it_is_the_newest(definitions: DefinitionStore, version: int | None) -> None:
    put(definitions, "lapsing")
    definitions.archive("segment", "lapsing")
    assert definitions.get("segment", "lapsing", version).archived


def test_nobody_is_archived_who_is_not_there(definitions: DefinitionStore) -> None:
    with pytest.raises(NotFoundError):
        definitions.archive("segment", "nobody")


# ------------------------------------------------------------------------------------------------------- at the same moment


def late(dynamo: DynamoDefinitions, monkeypatch: pytest.MonkeyPatch, *, looks: int) -> None:
    """The first looks at the newest version find what is there now, whatever comes meanwhile."""
    seen = iter([dynamo._latest("segment", "lapsing")] * looks)
    real = dynamo._latest
    monkeypatch.setattr(dynamo, "_latest", lambda *key: next(seen, None) or real(*key))


def test_two_puts_at_once_are_two_versions(dynamo: DynamoDefinitions, monkeypatch: pytest.MonkeyPatch) -> None:
    put(dynamo, "lapsing", n=1)
    late(dynamo, monkeypatch, looks=2)
    put(dynamo, "lapsing", n=2)
    assert put(dynamo, "lapsing", n=3) == 3
    assert dynamo.get("segment", "lapsing", 2).document["n"] == 2
    assert dynamo.get("segment", "lapsing").document["n"] == 3


def test_a_put_that_is_always_too_late_says_so(dynamo: DynamoDefinitions, monkeypatch: pytest.MonkeyPatch) -> None:
    put(dynamo, "lapsing", n=1)
    late(dynamo, monkeypatch, looks=100)
    put(dynamo, "lapsing", n=2)
    with pytest.raises(ConflictError):
        put(dynamo, "lapsing", n=3)


def test_what_somebody_saves_meanwhile_is_not_archived(dynamo: DynamoDefinitions, monkeypatch: pytest.MonkeyPatch) -> None:
    put(dynamo, "lapsing", n=1)
    late(dynamo, monkeypatch, looks=2)
    put(dynamo, "lapsing", n=2)
    with pytest.raises(ConflictError):
        dynamo.archive("segment", "lapsing")
    assert shown(dynamo.get("segment", "lapsing")) == ("lapsing", 2, False)


# ------------------------------------------------------------------------------------------------------- of the version before


def kept_before(*versions: tuple[str, int]) -> None:
    """Items as the version before this one wrote them: each version, and a copy of the newest among them."""
    dynamodb = boto3.client("dynamodb")
    for identity, version in versions:
        item: dict[str, Any] = {
            "kind": {"S": "segment"},
            "document": {"S": json.dumps({"id": identity, "n": version})},
            "version": {"N": str(version)},
            "at": {"S": MOMENT.isoformat()},
            "by": {"S": "before"},
        }
        for name in (f"{identity}#{version:08d}", f"{identity}#latest"):
            dynamodb.put_item(TableName="DefinitionsTable", Item={**item, "name": {"S": name}})


BEFORE = (("b", 1), ("a", 1), ("a", 2))


def test_what_was_kept_before_is_read_and_listed(dynamo: DynamoDefinitions) -> None:
    kept_before(*BEFORE)
    assert dynamo.get("segment", "a") == Definition("segment", "a", 2, {"id": "a", "n": 2}, MOMENT, "before")
    for _ in range(2):  # the first takes them over, the second finds them there
        assert [shown(each) for each in dynamo.all("segment")] == [("a", 2, False), ("b", 1, False)]
    assert [shown(each) for each in dynamo.versions("segment", "a")] == [("a", 2, False), ("a", 1, False)]
    assert dynamo.get("segment", "a", 1).document["n"] == 1


@pytest.mark.parametrize("listed_first", [True, False])
def test_what_was_kept_before_is_saved_and_archived_like_any_other(dynamo: DynamoDefinitions, listed_first: bool) -> None:
    kept_before(*BEFORE)
    if listed_first:
        dynamo.all("segment")
    assert put(dynamo, "a", n=3) == 3
    assert shown(dynamo.archive("segment", "b")) == ("b", 1, True)
    assert [shown(each) for each in dynamo.all("segment")] == [("a", 3, False), ("b", 1, True)]
    assert [each.version for each in dynamo.versions("segment", "a")] == [3, 2, 1]
    assert shown(dynamo.get("segment", "b")) == ("b", 1, True)


def test_a_list_reads_the_versions_of_before_only_once(dynamo: DynamoDefinitions, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_before(*BEFORE)
    dynamo.all("segment")
    monkeypatch.setattr(dynamo, "_take_over", lambda kind: pytest.fail("all versions were read again"))
    dynamo.all("segment")


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        put(DynamoDefinitions("nothing"), "lapsing")
    with pytest.raises(StoreUnavailableError):
        DynamoDefinitions("nothing").all("segment")


def test_a_put_after_the_newest_version_is_kept_and_after_another_changes_nothing(definitions: DefinitionStore) -> None:
    def put_after(version: int, n: int) -> int:
        return definitions.put("segment", "lapsing", {"id": "lapsing", "n": n}, at=MOMENT, by="tests", after=version).version

    assert [put_after(0, 1), put_after(1, 2)] == [1, 2]
    for stale in (0, 1, 3):
        with pytest.raises(StaleVersionError) as raised:
            put_after(stale, 9)
        assert raised.value.version == 2
    assert definitions.get("segment", "lapsing").document["n"] == 2
