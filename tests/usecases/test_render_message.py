"""One person's messages, as they would get them."""

from dataclasses import replace
from typing import Any

import pytest

from regulars.domain.campaigns.arms import arm_of
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.usecases.draft_campaign import with_draft
from regulars.usecases.render_message import Rendered, render_message
from tests.examples import SEEN, person, phone
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.stores import MemoryDefinitions, MemoryDevices, MemoryProfiles

CAMPAIGN: dict[str, Any] = {
    "id": "spring",
    "audience": {"include": ["x"]},
    "control": {"percent": 20},
    "variants": [
        {"id": "plain", "message": {"push": {"title": "Hi {{ person.traits.name }}"}}},
        {"id": "warm", "message": {"push": {"title": "{{ person.traits.pet }}"}}},
    ],
}
PEOPLE = [f"u{n}" for n in range(30)]


def rendered(user_id: str = "ann", variant: str = "") -> Rendered:
    definitions = MemoryDefinitions()
    definitions.put("campaign", "spring", CAMPAIGN, at=MOMENT, by="mara")
    ann = replace(person("ann", name="Ann"), devices=dict.fromkeys(("a1", "a2", "a3"), SEEN))
    profiles = MemoryProfiles([ann, person("bob", name="Bob"), *(person(each, name="U") for each in PEOPLE)])
    devices = MemoryDevices([phone("a1", "ann", "t1"), phone("a2", "ann", "t2"), phone("a3", "eve", "t3")])
    return render_message("spring", user_id, variant, definitions=definitions, profiles=profiles, devices=devices, clock=MovableClock())


def test_each_variant_is_shown_for_each_device_that_is_theirs_now() -> None:
    shown = [(each.variant, each.device_id, each.outcome) for each in rendered().messages]
    assert shown == [("plain", "a1", "rendered"), ("plain", "a2", "rendered"), ("warm", "a1", "failed"), ("warm", "a2", "failed")]
    assert [each.variant for each in rendered(variant="warm").messages] == ["warm", "warm"]


def test_a_message_is_shown_without_what_leads_to_the_device() -> None:
    (first, *_) = rendered().messages
    assert first.message["notification"] == {"title": "Hi Ann"}
    assert first.bytes > 0
    assert "t1" not in str(first.message)


def test_why_there_is_no_message_is_said() -> None:
    failed = rendered(variant="warm").messages[0]
    assert (failed.reason, failed.message) == ("empty_message", {})
    assert failed.because


def test_somebody_without_a_device_has_messages_all_the_same() -> None:
    assert [(each.device_id, each.outcome) for each in rendered("bob", "plain").messages] == [("", "rendered")]


def test_the_persons_own_variant_is_marked_and_the_control_group_has_none() -> None:
    campaign, arms = parse_campaign(CAMPAIGN), set[str]()
    for user_id in PEOPLE:
        found = rendered(user_id)
        arms.add(found.arm)
        assert found.arm == arm_of(campaign, user_id)
        assert {each.variant for each in found.messages if each.own} == {found.arm} - {"control"}
    assert arms == {"control", "plain", "warm"}


@pytest.mark.parametrize(("user_id", "variant", "told"), [("eve", "", "no profile of 'eve'"), ("ann", "wram", "did you mean `warm`?")])
def test_whom_or_what_nobody_knows_is_refused(user_id: str, variant: str, told: str) -> None:
    with pytest.raises(InvalidRequestError, match=told.replace("?", r"\?")):
        rendered(user_id, variant)
    with pytest.raises(NotFoundError):
        render_message("none", "ann", definitions=MemoryDefinitions(), profiles=MemoryProfiles([]), devices=MemoryDevices(), clock=MovableClock())


def test_a_draft_takes_the_place_of_the_newest_version_alone_and_cannot_be_saved() -> None:
    definitions = MemoryDefinitions()
    definitions.put("campaign", "spring", CAMPAIGN, at=MOMENT, by="mara")
    drafted = with_draft({**CAMPAIGN, "name": "Draft"}, definitions=definitions, clock=MovableClock())
    assert (drafted.get("campaign", "spring").document["name"], drafted.get("campaign", "spring").version) == ("Draft", 0)
    assert drafted.get("campaign", "spring", 1).document == CAMPAIGN
    with pytest.raises(NotFoundError):
        drafted.get("segment", "spring")
    for save in (lambda: drafted.put("campaign", "spring", CAMPAIGN, at=MOMENT, by="mara"), lambda: drafted.archive("campaign", "spring")):
        with pytest.raises(TypeError):
            save()
