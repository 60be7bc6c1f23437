"""Saving a segment."""

from collections.abc import Callable
from typing import Any

import pytest

from regulars.domain.definitions import Definition
from regulars.domain.errors import ConflictError, InvalidRuleError
from regulars.domain.quality.catalog import Catalog, CatalogedEvent
from regulars.domain.quality.catalog_document import KEY, written
from regulars.usecases.put_segment import put_segment
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.stores import MemoryDefinitions, MemoryObjects

BOUGHT = {"event": "Order Completed"}


def put(definitions: MemoryDefinitions, segment_id: str, rule: Any) -> int:
    document = {"id": segment_id, "name": segment_id, "rule": rule}
    return put_segment(document, by="ann", definitions=definitions, lake=MemoryObjects(), clock=MovableClock()).version


def test_each_put_is_a_version_and_the_document_is_kept_as_it_came() -> None:
    definitions = MemoryDefinitions()
    assert put(definitions, "buyers", BOUGHT) == 1
    assert put(definitions, "buyers", {**BOUGHT, "within": "30d"}) == 2
    assert definitions.get("segment", "buyers", 1).document == {"id": "buyers", "name": "buyers", "rule": BOUGHT}


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"trait": "plan", "equals": "pro"}, "rule.equals: `equals` is not known here"),
        ({"all": [BOUGHT, {"segment": "ghost"}]}, r"rule.all\[1\]: there is no segment `ghost`"),
        ({"not": {"message": "converted", "campaign": "ghost"}}, "rule.not.campaign: there is no campaign `ghost`: put it first"),
        ({"not": {"segment": "buyers"}}, "rule.not: a segment cannot contain itself: buyers -> buyers"),
        ({"users": [f"{n:0>900}" for n in range(400)]}, "Athena takes 262144"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_and_nothing_is_saved(rule: Any, says: str) -> None:
    definitions = MemoryDefinitions()
    with pytest.raises(InvalidRuleError, match=says):
        put(definitions, "buyers", rule)
    assert definitions.all("segment") == []


def test_conversions_are_asked_of_campaigns_that_have_a_goal() -> None:
    definitions = MemoryDefinitions()
    campaign: dict[str, Any] = {"id": "spring", "audience": {"include": ["buyers"]}, "message": {"push": {"body": "x"}}}
    definitions.put("campaign", "spring", campaign, at=MOMENT, by="ann")
    converted = {"all": [BOUGHT, {"message": "converted", "campaign": "spring"}]}
    with pytest.raises(InvalidRuleError, match=r"rule.all\[1\].campaign: the campaign `spring` has no `goal`"):
        put(definitions, "converted", converted)
    definitions.put("campaign", "spring", campaign | {"goal": {"event": "Order Completed", "within": "7d"}}, at=MOMENT, by="ann")
    assert put(definitions, "converted", converted) == 1
    assert put(definitions, "outer", {"not": {"segment": "converted"}}) == 1


class Rival(MemoryDefinitions):
    """Somebody else saves, or archives, just before our next put."""

    def __init__(self) -> None:
        super().__init__()
        self.does: Callable[[], object] | None = None

    def put(self, *arguments: Any, **more: Any) -> Definition:
        if self.does is not None:
            act, self.does = self.does, None
            act()
        return super().put(*arguments, **more)


def test_of_two_changes_at_once_that_close_a_circle_ours_is_taken_back() -> None:
    definitions = Rival()
    put(definitions, "buyers", BOUGHT)
    put(definitions, "lapsing", BOUGHT)
    definitions.does = lambda: put(definitions, "lapsing", {"segment": "buyers"})
    with pytest.raises(ConflictError, match="buyers -> lapsing -> buyers"):
        put(definitions, "buyers", {"segment": "lapsing"})
    assert definitions.get("segment", "buyers").document["rule"] == BOUGHT
    assert definitions.get("segment", "lapsing").document["rule"] == {"segment": "buyers"}


def test_what_names_a_segment_that_is_archived_meanwhile_is_taken_back() -> None:
    definitions = Rival()
    put(definitions, "buyers", BOUGHT)
    definitions.does = lambda: definitions.archive("segment", "buyers")
    with pytest.raises(ConflictError, match="`buyers` is archived"):
        put(definitions, "lapsing", {"not": {"segment": "buyers"}})
    assert definitions.get("segment", "lapsing").archived


def test_a_segment_that_is_not_there_comes_with_the_nearest() -> None:
    definitions = MemoryDefinitions()
    put(definitions, "lapsing", BOUGHT)
    with pytest.raises(InvalidRuleError, match=r"rule.not: there is no segment `lapsng` \(did you mean `lapsing`\?\): put it first"):
        put(definitions, "others", {"not": {"segment": "lapsng"}})


def test_a_campaign_that_nobody_saved_is_a_warning() -> None:
    definitions = MemoryDefinitions()
    definitions.put("campaign", "spring", {"id": "spring"}, at=MOMENT, by="ann")
    document = {"id": "quiet", "name": "Q", "rule": {"not": {"message": "opened", "campaign": "sprnig"}}}
    saved = put_segment(document, by="ann", definitions=definitions, lake=MemoryObjects(), clock=MovableClock())
    assert [(each.path, each.message) for each in saved.warnings] == [("rule.not.campaign", "there is no campaign `sprnig` (did you mean `spring`?)")]


def test_a_change_that_closes_a_circle_is_refused() -> None:
    definitions = MemoryDefinitions()
    put(definitions, "buyers", BOUGHT)
    put(definitions, "lapsing", {"not": {"segment": "buyers"}})
    with pytest.raises(InvalidRuleError, match="buyers -> lapsing -> buyers"):
        put(definitions, "buyers", {"any": [BOUGHT, {"segment": "lapsing"}]})
    assert definitions.get("segment", "buyers").version == 1


def test_an_old_segment_that_nobody_names_does_no_harm() -> None:
    definitions = MemoryDefinitions()
    clock = MovableClock()
    definitions.put("segment", "ancient", {"id": "ancient", "rule": {"forgotten": 1}}, at=clock.now(), by="ann")
    assert put(definitions, "buyers", BOUGHT) == 1


def test_an_archived_segment_is_named_as_what_it_is() -> None:
    definitions = MemoryDefinitions()
    put(definitions, "buyers", BOUGHT)
    definitions.archive("segment", "buyers")
    with pytest.raises(InvalidRuleError, match=r"^rule\.all\[1\]\.segment: the segment `buyers` is archived"):
        put(definitions, "outer", {"all": [BOUGHT, {"segment": "buyers"}]})


def test_it_is_saved_with_a_warning_of_what_nobody_ever_sent_and_without_one_where_the_catalog_cannot_be_read() -> None:
    definitions, document = MemoryDefinitions(), {"id": "s", "name": "s", "rule": {"event": "Order Complted"}}
    lake = MemoryObjects({KEY: written(Catalog(MOMENT, (CatalogedEvent("Order Completed", "track", 1, MOMENT, MOMENT),)))})
    saved = put_segment(document, by="ann", definitions=definitions, lake=lake, clock=MovableClock())
    assert [warning.path for warning in saved.warnings] == ["rule.event"]
    lake.lost = lambda key: key == KEY
    saved = put_segment(document, by="ann", definitions=definitions, lake=lake, clock=MovableClock())
    assert (saved.unchanged, saved.warnings) == (True, [])
    saved = put_segment(document, by="ann", definitions=definitions, lake=MemoryObjects({KEY: b"{broken"}), clock=MovableClock())
    assert (saved.unchanged, saved.warnings) == (True, [])


def test_it_is_answered_in_words_so_that_a_slip_shows() -> None:
    document = {"id": "s", "name": "s", "rule": {"event": "Order Completed", "within": "3m"}}
    definitions = MemoryDefinitions()
    answered = [put_segment(document, by="ann", definitions=definitions, lake=MemoryObjects(), clock=MovableClock()) for _ in range(2)]
    said = 'did "Order Completed" at least once in the last 3 minutes'
    assert [(saved.unchanged, saved.sentence) for saved in answered] == [(False, said), (True, said)]
