"""What every AnnounceTrigger does, real or fake; and what the real one says."""

import json
from datetime import UTC, datetime

import pytest

from regulars.adapters.lambda_trigger import LambdaAnnounceTrigger
from regulars.domain.content.announcement import Announcement, announcement_of
from regulars.domain.errors import InfrastructureError
from regulars.ports import AnnounceTrigger
from tests.contracts.suite import suite
from tests.contracts.test_curate_trigger import Lambda
from tests.fakes.services import MemoryAnnounceTrigger

AT = datetime(2026, 11, 21, 10, 0, 0, 123_000, tzinfo=UTC)
ITEM = Announcement("content-1", AT, {"id": "1", "title": "Rain"})


@pytest.fixture
def lambda_() -> AnnounceTrigger:
    return LambdaAnnounceTrigger("announce", client=Lambda())


trigger = suite(AnnounceTrigger, adapter="lambda_", fake=MemoryAnnounceTrigger)


def test_an_item_may_be_announced_again_and_again(trigger: AnnounceTrigger) -> None:
    for _ in range(3):
        trigger.start(ITEM)


def test_what_lambda_does_not_take_is_ours_to_mend() -> None:
    refusing = MemoryAnnounceTrigger()
    refusing.refuses = InfrastructureError("it is a test")
    for one in (LambdaAnnounceTrigger("announce", client=Lambda(refuses=True)), refusing):
        with pytest.raises(InfrastructureError):
            one.start(ITEM)


@pytest.mark.parametrize("said", [ITEM, ITEM.to("news"), ITEM.to("news").going_on("q-1", "2")])
def test_what_is_said_arrives_as_it_was(said: Announcement) -> None:
    called = _Recording()
    LambdaAnnounceTrigger("announce", client=called).start(said)
    assert announcement_of(called.event) == said


class _Recording:
    def invoke(self, **arguments: object) -> None:
        assert isinstance(arguments["Payload"], bytes)
        self.event = json.loads(arguments["Payload"])
