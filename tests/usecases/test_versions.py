"""Versions compared, and old ones brought back."""

from typing import Any

import pytest

from regulars.domain.definitions import DefinitionKind
from regulars.domain.errors import InvalidCampaignError, InvalidRequestError, InvalidRuleError, NotFoundError
from regulars.usecases.compare_versions import compare_versions, list_versions
from regulars.usecases.restore_definition import restore_definition
from regulars.usecases.save_definition import Saved
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import MemoryScheduler, ScriptedQueries
from tests.fakes.stores import MemoryDefinitions, MemoryObjects, MemorySources

SEGMENT: dict[str, Any] = {"id": "x", "name": "X", "rule": {"event": "Order", "within": "30d"}}
CAMPAIGN: dict[str, Any] = {"id": "x", "audience": {"include": ["x"]}, "message": {"push": {"title": "Hi"}}}
PLAN: dict[str, Any] = {"id": "x", "name": "X", "track": {"Order": {"schema": {"type": "object"}}}}
DOCUMENTS: dict[DefinitionKind, dict[str, Any]] = {"segment": SEGMENT, "campaign": CAMPAIGN, "plan": PLAN}


@pytest.fixture
def definitions() -> MemoryDefinitions:
    stored = MemoryDefinitions()
    for by, rule in (("ann", SEGMENT["rule"]), ("bob", {"event": "Order", "within": "60d"}), ("cy", {"event": "Order"})):
        stored.put("segment", "x", SEGMENT | {"rule": rule}, at=MOMENT, by=by)
    return stored


def restored(definitions: MemoryDefinitions, version: int, kind: DefinitionKind = "segment") -> Saved:
    return restore_definition(
        kind,
        "x",
        version,
        by="dee",
        definitions=definitions,
        sources=MemorySources(),
        scheduler=MemoryScheduler(),
        lake=MemoryObjects(),
        queries=ScriptedQueries(),
        clock=MovableClock(),
    )


def test_each_version_says_what_it_made_of_the_one_before(definitions: MemoryDefinitions) -> None:
    found = list_versions("segment", "x", definitions=definitions).versions
    assert [(each.version, each.saved_by, list(each.changes)) for each in found] == [
        (3, "cy", ["rule.within: removed 60d"]),
        (2, "bob", ["rule.within: 30d -> 60d"]),
        (1, "ann", []),
    ]


def test_the_newest_is_compared_with_the_one_before_unless_others_are_named(definitions: MemoryDefinitions) -> None:
    for given, told in (({}, (2, 3)), ({"from_version": 1}, (1, 3)), ({"to_version": 2}, (1, 2)), ({"from_version": 3, "to_version": 1}, (3, 1))):
        found = compare_versions("segment", "x", **given, definitions=definitions)
        assert (found.from_version, found.to_version) == told
    (change,) = found.changes
    assert (change.path, change.kind, change.before, change.after) == ("rule.within", "added", None, "30d")


def test_the_first_version_has_nothing_before_it(definitions: MemoryDefinitions) -> None:
    with pytest.raises(InvalidRequestError, match="from: segment x has nothing before version 1"):
        compare_versions("segment", "x", to_version=1, definitions=definitions)
    with pytest.raises(NotFoundError):
        compare_versions("segment", "x", from_version=9, definitions=definitions)


def test_a_restored_version_is_a_new_one_that_says_the_same_by_whoever_restored_it(definitions: MemoryDefinitions) -> None:
    saved = restored(definitions, 1)
    assert (saved.version, saved.unchanged) == (4, False)
    newest = definitions.get("segment", "x")
    assert (newest.document, newest.saved_by) == (SEGMENT, "dee")
    again = restored(definitions, 1)
    assert (again.version, again.unchanged) == (4, True)
    definitions.archive("segment", "x")
    assert restored(definitions, 4).version == 5
    assert not definitions.get("segment", "x").archived


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_kind_of_definition_is_restored_by_the_same_way(kind: DefinitionKind) -> None:
    stored = MemoryDefinitions()
    stored.put("segment", "x", SEGMENT, at=MOMENT, by="ann")
    for name in ("X", "Newer"):
        stored.put(kind, "x", DOCUMENTS[kind] | {"name": name}, at=MOMENT, by="ann")
    first = len(stored.versions(kind, "x")) - 1
    restored(stored, first, kind)
    assert stored.get(kind, "x").document == DOCUMENTS[kind] | {"name": "X"}


def test_what_can_no_longer_be_honoured_is_refused_with_its_reason(definitions: MemoryDefinitions) -> None:
    definitions.put("segment", "y", {"id": "y", "name": "Y", "rule": {"segment": "x"}}, at=MOMENT, by="ann")
    definitions.put("segment", "x", SEGMENT | {"rule": {"segment": "y"}}, at=MOMENT, by="ann")
    definitions.put("segment", "x", SEGMENT, at=MOMENT, by="ann")
    with pytest.raises(InvalidRuleError, match=r"^rule: version 4 can no longer be saved: a segment cannot contain itself: x -> y -> x") as refused:
        restored(definitions, 4)
    assert refused.value.field == "rule"
    assert definitions.get("segment", "x").version == 5
    definitions.put("campaign", "x", CAMPAIGN | {"audience": {"include": ["gone"]}}, at=MOMENT, by="ann")
    with pytest.raises(InvalidCampaignError, match=r"audience.include\[0\]: version 1 can no longer be saved: there is no segment gone"):
        restored(definitions, 1, "campaign")
    with pytest.raises(NotFoundError):
        restored(definitions, 9)
