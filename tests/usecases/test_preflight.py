"""What a launch would do, from the rows of one query to figures that add up."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.foresight import Preflight
from regulars.domain.campaigns.pause import Pause
from regulars.domain.campaigns.run import Run
from regulars.domain.delivery.caps import Contacts, message_mark
from regulars.domain.delivery.rate import ProjectLimit
from regulars.domain.delivery.recipients import fingerprint
from regulars.domain.errors import ConflictError, InvalidRequestError, NotFoundError, QueryFailedError
from regulars.domain.people.profile import Profile
from regulars.ports import Stored
from regulars.usecases.preflight import preflight, preflight_key
from regulars.usecases.start_preflight import LONGEST, PreflightLook, look_at_preflight, start_preflight
from tests.examples import campaign_run, person, phone
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import MemoryPreflightTrigger, ScriptedQueries, result_key
from tests.fakes.stores import MemoryContacts, MemoryDefinitions, MemoryDevices, MemoryObjects, MemoryProfiles, MemoryRuns

EVERYONE: dict[str, Any] = {"id": "everyone", "name": "Everyone", "rule": {"everyone": True}}
TITLE = "Hi {{ person.traits.name | default: 'friend' }}"
Row = tuple[str, str, str, str]


class World:
    """Ann has two devices, Bob one, Cy none, Dora is held back."""

    def __init__(self, **campaign: Any) -> None:
        self.definitions, self.runs, self.clock, self.lake = MemoryDefinitions(), MemoryRuns(), MovableClock(), MemoryObjects()
        self.profiles = MemoryProfiles([person("ann", name="Ann"), person("bob", name="Bob"), person("cy", name="Cy"), person("dora", name="Dora")])
        self.devices = MemoryDevices([phone("d1", "ann", "t1"), phone("d2", "ann", "t2"), phone("d3", "bob", "t3")])
        self.contacts = MemoryContacts()
        self.queries, self.trigger = ScriptedQueries(), MemoryPreflightTrigger()
        document = {"id": "spring", "audience": {"include": ["everyone"]}, "message": {"push": {"title": TITLE}}, **campaign}
        self.definitions.put("segment", "everyone", EVERYONE, at=MOMENT, by="mara")
        self.definitions.put("campaign", "spring", document, at=MOMENT, by="mara")
        self.asks_past = "goal" in campaign
        self.rows: list[Row] = [
            ("ann", "treated", "d1", "t1"),
            ("ann", "treated", "d2", "t2"),
            ("bob", "treated", "d3", "t3"),
            ("cy", "treated", "", ""),
            ("dora", "control", "", ""),
        ]

    def foresee(self, *, left: timedelta = timedelta(minutes=10)) -> Preflight:
        self.lake.content[result_key(str(len(self.queries.ran) + self.asks_past))] = csv(self.rows)
        return preflight(
            "5f2b",
            "spring",
            as_of=None,
            deadline=self.clock.now() + left,
            limit=ProjectLimit(9_000),
            definitions=self.definitions,
            runs=self.runs,
            queries=self.queries,
            profiles=self.profiles,
            devices=self.devices,
            contacts=self.contacts,
            lake=self.lake,
            clock=self.clock,
        )

    def start(self) -> PreflightLook:
        return start_preflight("spring", as_of=None, request="r1", definitions=self.definitions, trigger=self.trigger, clock=self.clock)

    def look(self, ticket: str) -> PreflightLook:
        return look_at_preflight(ticket, lake=self.lake, clock=self.clock)


def csv(rows: list[Row]) -> bytes:
    """As Athena writes rows: nothing at all for NULL."""
    lines = ['"user_id","arm","device_id","fingerprint","skip_reason"']
    for user_id, arm, device_id, token in rows:
        device = f'"{device_id}","{fingerprint(token)}"' if device_id else ","
        lines.append(f'"{user_id}","{arm}",{device},')
    return "\n".join([*lines, ""]).encode()


@pytest.fixture
def world() -> World:
    return World()


def test_people_add_up_and_messages_are_counted_by_device(world: World) -> None:
    found = world.foresee()
    assert (found.audience, found.control, found.eligible, found.messages, found.reasons) == (4, 1, 2, 3, {"no_device": 1})
    assert found.audience == found.control + found.eligible + sum(found.reasons.values())
    assert (found.problems, found.objections) == ([], [])


def test_it_shows_what_some_people_would_get_and_nothing_else_of_them(world: World) -> None:
    world.profiles = MemoryProfiles([person("ann", name="Ann", salary=90_000), person("bob", name="Bob")])
    shown = world.foresee().examples
    assert [(each.user_id, each.variant, each.device_id, each.push) for each in shown] == [
        ("ann", "treated", "d1", {"title": "Hi Ann"}),
        ("bob", "treated", "d3", {"title": "Hi Bob"}),
    ]


def test_a_trait_that_people_lack_is_a_warning_with_how_many_and_what_shows(world: World) -> None:
    world.profiles = MemoryProfiles([person("ann", name="Ann"), Profile("bob", {})])
    found = world.foresee()
    (problem,) = found.problems
    assert (problem.severity, problem.path, problem.people) == ("warning", "message.push.title", 1)
    assert "name" in problem.message
    assert problem.examples[0].push == {"title": "Hi friend"}
    assert (found.eligible, found.objections) == (2, [])


@pytest.mark.parametrize(
    ("title", "reason"),
    [("{{ person.traits.name }}", "empty_message"), ("{{ person.traits.long | append: person.traits.long }}", "message_too_large")],
)
def test_a_message_that_cannot_be_sent_is_an_error_with_whom_it_concerns(title: str, reason: str) -> None:
    world = World(message={"push": {"title": title}})
    world.profiles = MemoryProfiles([person("ann", name="Ann"), person("bob", long="x" * 2100)])
    found = world.foresee()
    errors = [problem for problem in found.problems if problem.severity == "error"]
    assert {each.examples[0].user_id for each in errors} <= {"ann", "bob"}
    assert found.reasons[reason] == 1
    assert any("people would get nothing: message.push" in each for each in found.objections)


def test_nobody_to_send_to_is_an_objection_that_says_why(world: World) -> None:
    world.rows = [("cy", "treated", "", "")]
    assert world.foresee().objections == ["nobody would get it: of 1 people, 1 because: The person has no device to push to."]
    world.rows = []
    assert world.foresee().objections == ["nobody would get it: nobody is in the audience"]
    world.rows = [("dora", "control", "", "")]
    assert world.foresee().objections == ["nobody would get it: everybody is in the control group"]


def test_ten_times_the_last_audience_is_an_objection(world: World) -> None:
    world.runs.create(campaign_run("spring-0", state="succeeded", counts=Counts(audience=1, treated=1, sent=1)))
    world.rows += [(f"u{n}", "control", "", "") for n in range(6)]
    assert world.foresee().objections == ["the audience is 10 people, and that of the last run was 1"]


def test_whoever_is_held_out_of_all_campaigns_is_told_apart(world: World) -> None:
    world.rows += [("eve", "global control", "", "")]
    found = world.foresee()
    assert (found.held_out, found.audience, found.control, found.eligible) == (1, 4, 1, 2)
    world.rows = [("eve", "global control", "", "")]
    assert world.foresee().objections == ["nobody would get it: everybody is held out of all campaigns"]


def test_a_preflight_says_that_nobody_is_held_back() -> None:
    found = World(control={"percent": 0}).foresee()
    assert [(each.severity, each.path, each.people) for each in found.problems] == [("warning", "control.percent", 2)]


PAST = {
    "past_people": "10000",
    "goal_events": "410",
    "goal_values": "410",
    "value_mean": "4.2",
    "value_variance": "400.0",
    **{f"did_{days * 86_400}": "410" for days in (1, 2, 3, 7, 14, 28)},
}
GOAL = {"event": "Paid", "within": "7d", "value": "revenue"}


def test_what_the_control_group_shows_is_told_and_warned_of_where_it_is_next_to_nothing() -> None:
    world = World(goal=GOAL)
    world.queries.answers = {"past_people": [PAST]}
    world.rows = [(f"u{n:04}", "control" if n % 10 == 0 else "treated", "", "") for n in range(1_000)]
    found = world.foresee()
    (problem,) = found.problems
    assert found.detectable and found.detectable.conversion and found.detectable.relative and found.detectable.value
    assert (problem.severity, problem.path, problem.people) == ("warning", "control.percent", 100)
    assert problem.message.startswith("100 people held back show only an effect of ") and "regulars campaign power spring" in problem.message
    world.rows = [(f"u{n:04}", "control" if n % 2 == 0 else "treated", "", "") for n in range(4_000)]
    assert world.foresee().problems == []


def test_a_preflight_goes_on_where_the_past_cannot_be_asked() -> None:
    world = World(goal=GOAL)
    world.queries.answers = {"past_people": QueryFailedError("too much")}
    found = world.foresee()
    assert (found.eligible, found.detectable, [problem.path for problem in found.problems]) == (2, None, ["goal"])
    world.queries.answers = {"past_people": [{**PAST, "past_people": "0"}]}
    assert (world.foresee().detectable, world.foresee().problems) == (None, [])


def test_a_rehearsal_is_no_last_run(world: World) -> None:
    world.runs.create(replace(campaign_run("spring-0", state="succeeded", counts=Counts(audience=1, treated=1)), sends=False))
    world.rows += [(f"u{n}", "control", "", "") for n in range(6)]
    assert world.foresee().objections == []


def test_it_says_how_long_it_takes_and_what_it_costs_and_changes_nothing(world: World) -> None:
    found = world.foresee()
    assert (found.duration_s > 0, found.cost_usd > 0) == (True, True)
    assert set(world.lake.content) == {result_key("0"), preflight_key("5f2b")}
    assert not [sql for sql in world.queries.ran if "INSERT" in sql]


def test_everybody_is_looked_at_in_windows_and_no_more_than_the_time_allows(world: World) -> None:
    world.rows = [(f"u{n:04}", "treated", "", "") for n in range(1200)]
    assert world.foresee().reasons == {"no_device": 1200}
    cut_off = world.foresee(left=timedelta(0))
    assert [problem.path for problem in cut_off.problems] == ["audience"]


@pytest.mark.parametrize("run", [campaign_run("spring-0", state="running"), campaign_run("spring-0").paused(Pause(MOMENT, "ina"))])
def test_a_run_that_has_not_ended_is_in_no_preflights_way(world: World, run: Run) -> None:
    world.runs.create(run)
    assert world.foresee().eligible == 2


def test_whom_a_failed_run_reached_gets_nothing_again(world: World) -> None:
    world.runs.create(campaign_run("spring-0", state="failed", manifest="m"))
    world.foresee()
    assert "raw_deliveries WHERE run_id = 'spring-0'" in world.queries.ran[-1]


def test_a_ticket_leads_to_what_was_found(world: World) -> None:
    begun = world.start()
    ((preflight_id, campaign_id, _),) = world.trigger.started
    assert (begun.state, campaign_id, world.look(begun.ticket).state) == ("queued", "spring", "running")
    found = world.foresee()
    world.lake.content[preflight_key(preflight_id)] = world.lake.content[preflight_key("5f2b")]
    assert world.look(begun.ticket) == PreflightLook(begun.ticket, "succeeded", None, replace(found, problems=[], objections=[]))


def test_why_it_failed_is_told_to_whoever_asks(world: World) -> None:
    world.queries.answers = {"SELECT": QueryFailedError("TABLE_NOT_FOUND")}
    begun = world.start()
    with pytest.raises(QueryFailedError):
        world.foresee()
    world.lake.content[preflight_key(world.trigger.started[0][0])] = world.lake.content[preflight_key("5f2b")]
    look = world.look(begun.ticket)
    assert (look.state, look.preflight) == ("failed", None) and "TABLE_NOT_FOUND" in (look.reason or "")


def test_one_that_never_says_anything_has_failed_after_its_functions_life(world: World) -> None:
    begun = world.start()
    world.clock.advance(LONGEST + timedelta(seconds=1))
    assert world.look(begun.ticket).state == "failed"


def test_what_could_not_be_launched_is_refused_at_once(world: World) -> None:
    with pytest.raises(InvalidRequestError, match="as_of: lies in the future"):
        start_preflight(
            "spring", as_of=MOMENT + timedelta(days=1), request="r", definitions=world.definitions, trigger=world.trigger, clock=world.clock
        )
    world.definitions.archive("campaign", "spring")
    with pytest.raises(ConflictError, match="archived"):
        world.start()
    with pytest.raises(NotFoundError):
        start_preflight("nobody", as_of=None, request="r", definitions=world.definitions, trigger=world.trigger, clock=world.clock)
    assert world.trigger.started == []


def test_a_device_that_changed_hands_since_is_told_as_a_launch_would(world: World) -> None:
    world.devices.stored["d3"] = Stored(phone("d3", "eve", "t3"), 2)
    assert world.foresee().reasons == {"no_device": 1, "device_changed_hands": 1}


def test_people_in_quiet_hours_are_counted_as_waiting_and_those_who_had_enough_as_capped() -> None:
    quiet = {"from": "21:00", "to": "08:00"}  # it is 22:15
    found = World(delivery={"quiet_hours": quiet}).foresee()
    (problem,) = found.problems
    assert (found.eligible, problem.path, problem.people, problem.examples[0].push) == (2, "delivery", 2, {"title": "Hi Ann"})
    assert World(delivery={"quiet_hours": {**quiet, "otherwise": "drop"}}).foresee().reasons == {"quiet_hours": 2, "no_device": 1}
    world = World(delivery={"cap": {"count": 1, "within": "24h"}})
    world.contacts.put_many([(None, Contacts("ann").noted(message_mark("another", "ann"), world.clock.now()))])
    before = dict(world.contacts.kept)
    assert (world.foresee().reasons, world.contacts.kept) == ({"capped": 1, "no_device": 1}, before)


def test_a_template_that_fails_is_told_with_its_line_and_whom_it_fails() -> None:
    world = World(message={"push": {"title": "Hi", "body": "A\n{{ 100 | divided_by: person.traits.orders }}"}})
    world.profiles = MemoryProfiles([person("ann", orders=4), person("bob", orders=0)])
    errors = [problem for problem in world.foresee().problems if problem.severity == "error"]
    assert [(each.path, each.people, each.message.partition(":")[0], each.examples[0].user_id) for each in errors] == [
        ("message.push.body", 1, "line 2", "bob")
    ]


def test_who_did_not_agree_and_whose_device_is_stale_is_counted_by_that() -> None:
    world = World(delivery={"purpose": "news"})
    purposes = {"news": "opt_in"}
    world.definitions.put("settings", "settings", {"id": "settings", "purposes": purposes}, at=MOMENT, by="mara")
    assert world.foresee().reasons == {"no_consent": 2, "no_device": 1}
    world = World()
    world.devices = MemoryDevices([phone("d1", "ann", "t1", at="2026-01-01T00:00:00.000Z"), phone("d3", "bob", "t3")])
    world.rows = [row for row in world.rows if row[2] != "d2"]
    assert world.foresee().reasons == {"stale_device": 1, "no_device": 1}
