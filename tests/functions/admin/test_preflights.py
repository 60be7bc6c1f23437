from dataclasses import replace

import pytest

from regulars.domain.errors import RunnerUnavailableError
from regulars.usecases.preflight import preflight_key
from tests.examples import SEEN, person, phone
from tests.fakes.clock import MOMENT as SAVED
from tests.fakes.stores import MemoryDevices, MemoryProfiles
from tests.functions.admin.api import request
from tests.functions.admin.conftest import World
from tests.usecases.test_assess_power import GOAL, ROW
from tests.usecases.test_preflight import World as Foreseeing


def test_a_preflight_is_started_and_asked_after_by_its_ticket(defined: World) -> None:
    status, begun = request("POST", "/admin/campaigns/spring/preflight", {"as_of": "2026-11-01"})
    ((preflight_id, campaign_id, as_of),) = defined.preflight_trigger.started
    assert (status, begun["state"], campaign_id, str(as_of)) == (202, "queued", "spring", "2026-11-01 00:00:00+00:00")
    assert request("GET", f"/admin/preflights/{begun['ticket']}")[1]["state"] == "running"
    other = Foreseeing()
    other.foresee()
    defined.lake.content[preflight_key(preflight_id)] = other.lake.content[preflight_key("5f2b")]
    status, done = request("GET", f"/admin/preflights/{begun['ticket']}")
    assert (status, done["state"]) == (200, "succeeded")
    wanted = {"audience", "control", "eligible", "messages", "reasons", "problems", "duration_s", "cost_usd", "examples"}
    assert wanted <= set(done["preflight"])


DRAFT = {"audience": {"include": ["twice"]}, "message": {"push": {"title": "Bye {{ person.traits.name }}", "locales": {"fr": {"title": "Salut"}}}}}


def test_a_draft_is_foreseen_and_nothing_is_saved(defined: World) -> None:
    status, _ = request("POST", "/admin/campaigns/unheard-of/preflight", {"document": DRAFT})
    assert (status, defined.preflight_trigger.drafts) == (202, [{**DRAFT, "id": "unheard-of"}])
    assert request("GET", "/admin/campaigns/unheard-of")[0] == 404
    status, refused = request("POST", "/admin/campaigns/spring/preflight", {"document": {**DRAFT, "goal": {}}})
    assert (status, refused["field"]) == (400, "goal.event")
    status, refused = request("POST", "/admin/campaigns/spring/preflight", {"document": {**DRAFT, "id": "other"}})
    assert (status, refused["field"]) == (400, "id")


@pytest.mark.parametrize(("body", "shown"), [({}, "Bye "), ({"locale": "fr-CA"}, "Salut")])
def test_a_draft_is_rendered_for_nobody_in_particular_and_in_any_language(defined: World, body: dict[str, str], shown: str) -> None:
    status, found = request("POST", "/admin/campaigns/spring/renderings", {"document": DRAFT, **body})
    (message,) = found["messages"]
    assert (status, found["version"], found["arm"], message["message"]["notification"]["title"]) == (200, 0, "", shown)


def test_a_mistake_in_a_drafts_template_is_refused_with_its_field(defined: World) -> None:
    draft = {**DRAFT, "message": {"push": {"title": "{{ person.traits.name | upcas }}"}}}
    status, refused = request("POST", "/admin/campaigns/spring/renderings", {"document": draft})
    assert (status, refused["field"]) == (400, "message.push.title") and "upcase" in refused["message"]


def test_a_function_that_is_not_there_is_told(defined: World) -> None:
    defined.preflight_trigger.refuses = RunnerUnavailableError("preflight could not be started")
    status, body = request("POST", "/admin/campaigns/spring/preflight", {})
    assert (status, body["code"]) == (503, "runner_unavailable")


def test_what_a_control_group_can_show_is_started_and_asked_after_by_its_ticket(defined: World) -> None:
    status, refused = request("POST", "/admin/campaigns/spring/power", {"lift": 10})
    assert (status, refused["field"]) == (400, "goal")
    document = {**defined.definitions.get("campaign", "spring").document, "goal": GOAL}
    defined.definitions.put("campaign", "spring", document, at=SAVED, by="mara")
    for body, said in (({"lift": 10, "points": 1}, "not both"), ({"lift": 0}, "lift"), ({"points": 101}, "points"), ({"days": 0}, "days")):
        status, refused = request("POST", "/admin/campaigns/spring/power", body)
        assert status == 400 and said in f"{refused.get('field')} {refused['message']}"
    defined.queries.answers = {"past_people": [ROW]}
    status, begun = request("POST", "/admin/campaigns/spring/power", {"points": 0.5})
    assert (status, begun["state"]) == (202, "queued")
    status, done = request("GET", f"/admin/powers/{begun['ticket']}")
    assert (status, done["state"], done["power"]["audience"], done["power"]["effect"]["difference"]) == (200, "succeeded", 12_000, 0.005)


def test_a_message_is_rendered_for_one_person_and_sent_to_nobody(defined: World) -> None:
    defined.profiles.stored |= MemoryProfiles([replace(person("ann"), devices={"d1": SEEN})]).stored
    defined.devices.stored |= MemoryDevices([phone("d1", "ann", "secret-token")]).stored
    status, found = request("POST", "/admin/campaigns/spring/renderings", {"user_id": "ann"})
    (message,) = found["messages"]
    assert (status, message["device_id"], message["message"]["notification"]["title"]) == (200, "d1", "Hi")
    assert "secret-token" not in str(found)
    status, refused = request("POST", "/admin/campaigns/spring/renderings", {"user_id": "nobody"})
    assert (status, refused["field"]) == (400, "user_id")
