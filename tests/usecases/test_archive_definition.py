"""Taking segments and campaigns out of use, and what that means to those who name them."""

from typing import Any

import pytest

from regulars.domain.definitions import DefinitionKind
from regulars.domain.errors import ConflictError, InvalidCampaignError, InvalidRuleError, NotFoundError
from regulars.usecases.archive_definition import Archived, archive_definition
from regulars.usecases.launch_campaign import launch_campaign
from regulars.usecases.put_campaign import put_campaign
from regulars.usecases.put_segment import put_segment
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import MemoryRunner, MemoryScheduler
from tests.fakes.stores import MemoryDefinitions, MemoryObjects, MemoryRuns

CLOCK = MovableClock()


def segment(identity: str, rule: Any) -> dict[str, Any]:
    return {"id": identity, "name": identity, "rule": rule}


def campaign(identity: str, **audience: list[str]) -> dict[str, Any]:
    return {"id": identity, "audience": {"include": ["lapsing"], **audience}, "message": {"push": {"body": "x"}}}


@pytest.fixture
def definitions() -> MemoryDefinitions:
    """`lapsing` names `buyers`; two campaigns name `lapsing`, one of them `lonely` too."""
    stored = MemoryDefinitions()
    put_segment(segment("buyers", {"event": "Order Completed"}), by="ann", definitions=stored, lake=MemoryObjects(), clock=CLOCK)
    put_segment(segment("lapsing", {"not": {"segment": "buyers"}}), by="ann", definitions=stored, lake=MemoryObjects(), clock=CLOCK)
    put_segment(segment("lonely", {"everyone": True}), by="ann", definitions=stored, lake=MemoryObjects(), clock=CLOCK)
    put_campaign(campaign("spring"), by="ann", definitions=stored, scheduler=MemoryScheduler(), lake=MemoryObjects(), clock=CLOCK)
    put_campaign(campaign("autumn", exclude=["lonely"]), by="ann", definitions=stored, scheduler=MemoryScheduler(), lake=MemoryObjects(), clock=CLOCK)
    return stored


def archive(definitions: MemoryDefinitions, kind: DefinitionKind, identity: str) -> Archived:
    return archive_definition(kind, identity, definitions=definitions)


def test_a_campaign_may_go_that_no_segment_asks_about(definitions: MemoryDefinitions) -> None:
    goal = {"goal": {"event": "Order Completed", "within": "7d"}}
    put_campaign(campaign("spring") | goal, by="ann", definitions=definitions, scheduler=MemoryScheduler(), lake=MemoryObjects(), clock=CLOCK)
    converted = segment("converted", {"message": "converted", "campaign": "spring"})
    put_segment(converted, by="ann", definitions=definitions, lake=MemoryObjects(), clock=CLOCK)
    with pytest.raises(ConflictError, match="campaign spring is still used by segment converted"):
        archive(definitions, "campaign", "spring")
    archive(definitions, "segment", "converted")
    assert archive(definitions, "campaign", "spring") == Archived("spring", 2)
    assert definitions.get("campaign", "spring").archived


@pytest.mark.parametrize(
    ("identity", "users"),
    [
        ("buyers", "segment lapsing"),
        ("lapsing", "campaign autumn, campaign spring"),
        ("lonely", "campaign autumn"),
    ],
)
def test_a_segment_that_is_used_is_kept_and_those_who_use_it_are_named(definitions: MemoryDefinitions, identity: str, users: str) -> None:
    with pytest.raises(ConflictError, match=rf"{identity} is still used by {users}: change or archive them first"):
        archive(definitions, "segment", identity)
    assert not definitions.get("segment", identity).archived


def test_once_nobody_uses_it_any_more_it_may_go(definitions: MemoryDefinitions) -> None:
    for kind, identity in (("campaign", "spring"), ("campaign", "autumn"), ("segment", "lonely"), ("segment", "lapsing"), ("segment", "buyers")):
        assert archive(definitions, kind, identity).archived  # type: ignore[arg-type]


def test_a_newer_version_that_no_longer_names_it_sets_it_free(definitions: MemoryDefinitions) -> None:
    put_campaign(campaign("autumn"), by="ann", definitions=definitions, scheduler=MemoryScheduler(), lake=MemoryObjects(), clock=CLOCK)
    assert archive(definitions, "segment", "lonely").archived


@pytest.mark.parametrize("kind", ["segment", "campaign"])
def test_what_is_not_there_is_not_found(definitions: MemoryDefinitions, kind: DefinitionKind) -> None:
    with pytest.raises(NotFoundError):
        archive(definitions, kind, "nobody")


def test_archiving_again_changes_nothing(definitions: MemoryDefinitions) -> None:
    assert archive(definitions, "campaign", "spring") == archive(definitions, "campaign", "spring")


def test_an_archived_campaign_is_not_launched(definitions: MemoryDefinitions) -> None:
    archive(definitions, "campaign", "spring")
    runner, runs = MemoryRunner(), MemoryRuns()
    with pytest.raises(ConflictError, match="put it again to bring it back"):
        launch_campaign("spring", request="1", by="ann", definitions=definitions, runs=runs, campaign_runner=runner, clock=CLOCK)
    assert (runner.started, runs.listed().runs) == ([], [])


def test_an_archived_segment_cannot_be_named_by_anything_new(definitions: MemoryDefinitions) -> None:
    archive(definitions, "campaign", "autumn")
    archive(definitions, "segment", "lonely")
    with pytest.raises(InvalidCampaignError, match=r"^audience.exclude\[0\]: the segment lonely is archived"):
        put_campaign(
            campaign("winter", exclude=["lonely"]), by="ann", definitions=definitions, scheduler=MemoryScheduler(), lake=MemoryObjects(), clock=CLOCK
        )
    with pytest.raises(InvalidRuleError, match="lonely"):
        put_segment(segment("new", {"segment": "lonely"}), by="ann", definitions=definitions, lake=MemoryObjects(), clock=CLOCK)


def test_what_can_no_longer_be_read_stands_in_nobodys_way(definitions: MemoryDefinitions) -> None:
    definitions.put("segment", "ancient", {"id": "ancient", "rule": {"forgotten": 1}}, at=MOMENT, by="ann")
    definitions.put("campaign", "ancient", {"id": "ancient", "forgotten": 1}, at=MOMENT, by="ann")
    archive(definitions, "campaign", "autumn")
    assert archive(definitions, "segment", "lonely").archived
