"""The upkeep's state machine as a document, and what starts and watches it. tests/local/runtime/test_upkeep_machine.py executes it."""

import json
import re
from typing import Any

import pytest

from tests.infra.conftest import ROOT

TEXT = (ROOT / "infra/statemachines/upkeep.asl.json").read_text()
ASL: dict[str, Any] = json.loads(TEXT)
INNER = [state["ItemProcessor"] for state in ASL["States"].values() if state["Type"] == "Map"]
STATES = {name: state for machine in (ASL, *INNER) for name, state in machine["States"].items()}
WORKING = [name for name, state in STATES.items() if state["Type"] in ("Task", "Map")]


def test_it_is_json_before_anything_is_put_in_and_says_so_of_what() -> None:
    assert set(re.findall(r"\$\{(\w+)\}", TEXT)) == {"UpkeepFunctionArn", "WorkGroup", "Database"}
    assert "QueryLanguage" not in TEXT


@pytest.mark.parametrize("name", WORKING)
def test_what_can_fail_has_a_way_out_and_a_task_a_timeout_and_retries(name: str) -> None:
    state = STATES[name]
    assert any("States.ALL" in rule["ErrorEquals"] for rule in state["Catch"])
    assert state["Type"] == "Map" or (state["TimeoutSeconds"] > 0 and state["Retry"])


@pytest.mark.parametrize("name", ["Optimize", "Vacuum"])
def test_a_query_that_timed_out_is_not_asked_again_the_same_night(name: str) -> None:
    assert not {"States.ALL", "States.Timeout"} & {error for rule in STATES[name]["Retry"] for error in rule["ErrorEquals"]}


def test_tables_are_kept_one_statement_at_a_time() -> None:
    assert {state["MaxConcurrency"] for state in ASL["States"].values() if state["Type"] == "Map"} == {1}


def test_it_is_started_every_night_and_watched(resources: dict[str, Any]) -> None:
    schedules = [resource["Properties"] for resource in resources.values() if resource["Type"] == "AWS::Scheduler::Schedule"]
    (nightly,) = [schedule for schedule in schedules if schedule["Target"]["Arn"] == {"Ref": "UpkeepStateMachine"}]
    assert nightly["ScheduleExpression"] == "cron(10 2 * * ? *)"
    alarms = [resource["Properties"] for resource in resources.values() if resource["Type"] == "AWS::CloudWatch::Alarm"]
    watched = {alarm["MetricName"] for alarm in alarms if {"Ref": "UpkeepStateMachine"} in [one["Value"] for one in alarm["Dimensions"]]}
    assert watched == {"ExecutionsFailed", "ExecutionsTimedOut"}
