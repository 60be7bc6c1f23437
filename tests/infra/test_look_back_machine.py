"""The look back's state machine as a document, and what watches it. tests/local/runtime/test_look_back_machine.py executes it."""

import json
import re
from typing import Any

import pytest

from regulars.domain import errors
from regulars.domain.journeys.look_back_cost import TRANSITIONS, TRANSITIONS_PER_SHARD
from regulars.domain.journeys.past_sql import MAX_SHARDS
from regulars.usecases.look_back import LONGEST
from tests.infra.conftest import ROOT
from tests.infra.stems import pascal

TEXT = (ROOT / "infra/statemachines/look_back.asl.json").read_text()
ASL: dict[str, Any] = json.loads(TEXT)
OUTER = ASL["States"]
INNER = OUTER["ReplayAll"]["ItemProcessor"]["States"]
STATES = {**OUTER, **INNER}
TASKS = [name for name, state in STATES.items() if state["Type"] == "Task"]
STEMS = ("plan_replay", "replay_shard", "merge_replay")
AWS_ERRORS = re.compile(r"States\.|Lambda\.|Athena\.")


def test_it_is_json_before_anything_is_put_in_and_says_so_of_what() -> None:
    assert set(re.findall(r"\$\{(\w+)\}", TEXT)) == {*(f"{pascal(stem)}FunctionArn" for stem in STEMS), "WorkGroup", "Database"}
    assert len(STATES) == len(OUTER) + len(INNER)
    assert "QueryLanguage" not in TEXT


@pytest.mark.parametrize("machine", [ASL, OUTER["ReplayAll"]["ItemProcessor"]], ids=["look back", "shard"])
def test_every_state_leads_somewhere_and_is_led_to(machine: dict[str, Any]) -> None:
    targets = {machine["StartAt"]}
    for state in machine["States"].values():
        targets |= {state["Next"]} if "Next" in state else set()
        targets |= {rule["Next"] for rule in state.get("Catch", ())}
        assert "Next" in state or state["Type"] in ("Succeed", "Fail")
    assert targets == set(machine["States"])


@pytest.mark.parametrize("name", [*TASKS, "ReplayAll"])
def test_what_can_fail_has_a_way_out_and_a_task_a_timeout_and_retries(name: str) -> None:
    state = STATES[name]
    assert [rule["ErrorEquals"] for rule in state["Catch"]] == [["States.ALL"]]
    assert state["Type"] == "Map" or (state["TimeoutSeconds"] > 0 and state["Retry"])


def test_every_error_that_is_not_of_aws_is_a_class_of_ours() -> None:
    named = {error for state in STATES.values() for rule in state.get("Retry", ()) for error in rule["ErrorEquals"] if not AWS_ERRORS.match(error)}
    assert named == {"StoreUnavailableError"} and issubclass(errors.StoreUnavailableError, errors.RegularsError)


def test_whatever_fails_is_told_to_whoever_asked() -> None:
    for name in ("PlanReplay", "UnloadPast", "ReplayAll", "MergeReplay"):
        assert STATES[name]["Catch"] == [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "TellFailure"}]
    assert STATES["TellFailure"]["Parameters"]["FunctionName"] == STATES["MergeReplay"]["Parameters"]["FunctionName"]
    assert STATES["TellFailure"]["Catch"][0]["Next"] == STATES["TellFailure"]["Next"] == "Failed"


def test_what_is_counted_of_some_people_is_never_told_as_that_of_all() -> None:
    assert not {name for name in OUTER["ReplayAll"] if name.startswith("Tolerated")}
    assert INNER["ReplayShard"]["Catch"][0]["Next"] == "ShardFailed" and INNER["ShardFailed"]["Type"] == "Fail"


def test_each_attempt_to_unload_has_a_folder_of_its_own() -> None:
    assert STATES["UnloadPast"]["Parameters"]["QueryString.$"] == "States.Format('{}{}{}', $.plan.unload_before, States.UUID(), $.plan.unload_after)"


def test_a_statement_that_failed_by_itself_is_not_paid_for_again() -> None:
    assert not {"States.ALL", "States.TaskFailed"} & {error for rule in STATES["UnloadPast"]["Retry"] for error in rule["ErrorEquals"]}


def test_what_the_shards_give_back_is_far_from_what_a_state_may_pass_on() -> None:
    # https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: 256 KiB
    longest = {"shard": MAX_SHARDS, "events": 10**9, "people": 10**9, "seconds": 899.123456}
    assert MAX_SHARDS * len(json.dumps(longest)) < 256 * 1024 / 10


def test_what_a_look_back_costs_counts_every_state_that_it_enters() -> None:
    way, name = [], ASL["StartAt"]
    while name:
        way.append(name)
        name = OUTER[name].get("Next", "")
    assert (len(way), TRANSITIONS_PER_SHARD) == (TRANSITIONS, len(INNER) - 1)


def test_whoever_asks_waits_as_long_as_it_may_take() -> None:
    assert LONGEST.total_seconds() - 60 == ASL["TimeoutSeconds"]


def test_a_call_whose_state_timed_out_is_over(source: dict[str, Any]) -> None:
    for stem in STEMS:
        assert STATES[pascal(stem)]["TimeoutSeconds"] > source["Resources"][f"{pascal(stem)}Function"]["Properties"]["Timeout"]


@pytest.mark.parametrize("stem", STEMS)
def test_state_function_use_case_and_events_have_one_stem(stem: str) -> None:
    assert STATES[pascal(stem)]["Parameters"]["FunctionName"] == f"${{{pascal(stem)}FunctionArn}}"
    assert (ROOT / f"functions/{stem}/handler.py").exists() and (ROOT / f"layers/shared/regulars/usecases/{stem}.py").exists()
    assert list((ROOT / f"events/{stem}").glob("*.json"))


def test_the_functions_have_one_size_by_which_their_seconds_are_paid(source: dict[str, Any]) -> None:
    assert len({source["Resources"][f"{pascal(stem)}Function"]["Properties"]["MemorySize"] for stem in STEMS}) == 1


def test_it_is_watched_and_what_people_did_is_kept_for_a_day(resources: dict[str, Any]) -> None:
    alarms = [resource["Properties"] for resource in resources.values() if resource["Type"] == "AWS::CloudWatch::Alarm"]
    watched = {alarm["MetricName"] for alarm in alarms if {"Ref": "LookBackStateMachine"} in [one["Value"] for one in alarm["Dimensions"]]}
    assert watched == {"ExecutionsFailed"}
    rules = resources["LakeBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") in ("look_backs/", "backtests/")} == {
        "look_backs/": 1,
        "backtests/": 7,
    }
