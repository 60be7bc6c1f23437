"""The campaign's state machine as a document: what it may rely on, and what every state must have."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from functions.deliver.handler import KEPT_FOR_DRAINING
from regulars.domain import errors
from regulars.domain.campaigns.duration import MAX_DELIVERY, MAX_EXECUTION
from regulars.domain.campaigns.execution import STRAGGLERS
from regulars.domain.campaigns.run import MAX_SHARDS
from regulars.domain.delivery.held import LONGEST_REST
from regulars.domain.delivery.pace import RetryPolicy
from regulars.domain.delivery.progress import wait_seconds
from regulars.usecases.deliver import Delivered
from regulars.usecases.shard import Sharded

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "infra/statemachines/campaign.asl.json").read_text()
ASL: dict[str, Any] = json.loads(TEXT)
SUBSTITUTIONS = {
    *(f"{name}FunctionArn" for name in ("Plan", "Shard", "Deliver", "Conclude")),
    "WorkGroup",
    "Database",
    "LakeBucket",
}
AWS_ERRORS = re.compile(r"States\.|Lambda\.|Athena\.|Sandbox\.Timedout$|Runtime\.ExitError$")


def machines(machine: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The machine and those of its maps."""
    yield machine
    for state in machine["States"].values():
        if "ItemProcessor" in state:
            yield from machines(state["ItemProcessor"])


STATES = {name: state for machine in machines(ASL) for name, state in machine["States"].items()}
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
RULES = [rule for state in STATES.values() for rule in (*state.get("Retry", ()), *state.get("Catch", ()))]


def test_it_is_json_before_anything_is_put_in_and_says_so_of_what() -> None:
    assert set(re.findall(r"\$\{(\w+)\}", TEXT)) == SUBSTITUTIONS


def test_no_state_has_the_name_of_another() -> None:
    assert sum(len(machine["States"]) for machine in machines(ASL)) == len(STATES)


@pytest.mark.parametrize("machine", list(machines(ASL)), ids=lambda machine: machine["StartAt"])
def test_every_state_leads_somewhere_and_is_led_to(machine: dict[str, Any]) -> None:
    states = machine["States"]
    targets = {machine["StartAt"]}
    for state in states.values():
        targets |= {state[key] for key in ("Next", "Default") if key in state}
        targets |= {rule["Next"] for rule in (*state.get("Catch", ()), *state.get("Choices", ()))}
        assert "Next" in state or "Default" in state or state.get("End") or state["Type"] in ("Succeed", "Fail")
    assert targets == set(states)


@pytest.mark.parametrize("name", TASKS)
def test_every_task_has_a_timeout_retries_and_a_way_out(name: str) -> None:
    task = TASKS[name]
    assert task["TimeoutSeconds"] > 0
    assert task["Retry"]
    assert any("States.ALL" in rule["ErrorEquals"] for rule in task["Catch"])


def test_the_map_has_a_way_out_too() -> None:
    assert [rule["ErrorEquals"] for rule in STATES["DeliverAll"]["Catch"]] == [["States.ALL"]]


def test_every_error_that_is_not_of_aws_is_a_class_of_ours() -> None:
    named = {error for rule in RULES for error in rule["ErrorEquals"] if not AWS_ERRORS.match(error)}
    assert named >= {"StoreUnavailableError"}
    for name in named:
        assert issubclass(getattr(errors, name), errors.RegularsError), name


def test_what_fcm_refuses_to_everybody_is_not_tried_again() -> None:
    final = {"PushConfigurationError", "MessageRefusedError", "States.ALL", "States.TaskFailed"}
    assert not [rule for rule in STATES["Deliver"]["Retry"] if final & set(rule["ErrorEquals"])]


def test_a_shard_that_waits_for_fcm_is_called_again_when_something_may_go_out() -> None:
    assert STATES["Delivered"]["Default"] == "Breathe"
    breathe = STATES["Breathe"]
    assert (breathe["Type"], breathe["SecondsPath"], breathe["Next"]) == ("Wait", "$.wait_seconds", "Deliver")
    assert STATES["Deliver"]["OutputPath"] == "$.Payload"
    assert {"wait_seconds", "run_id", "shard", "done"} <= {each.name for each in fields(Delivered)}


def test_a_shard_that_waits_till_its_run_has_no_more_time_stays_below_the_events_of_a_history() -> None:
    # 25,000 events an execution: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html. A round of Deliver, Delivered and Breathe
    # is nine of them, and with FCM away a call lasts until its next try is past its end: its time but for one delay.
    shortest = 900 - KEPT_FOR_DRAINING.total_seconds() - 1.25 * RetryPolicy().longest_delay
    assert 9 * MAX_EXECUTION.total_seconds() / shortest < 25_000 / 5


def test_a_shard_whose_calls_end_at_once_till_its_run_has_no_more_time_stays_below_the_events_too() -> None:
    calls, passed = 0, 0.0
    while passed < MAX_EXECUTION.total_seconds():
        passed += wait_seconds(calls)
        calls += 1
    assert 9 * calls < 25_000 * 3 / 4
    assert 9 * MAX_EXECUTION / LONGEST_REST < 25_000 / 4


def test_each_attempt_to_unload_has_a_folder_of_its_own() -> None:
    """Parameters are evaluated at each try: verified on AWS by https://github.com/floci-io/floci/pull/2455 for what changes from try to try."""
    unload = STATES["Unload"]
    assert unload["Parameters"]["QueryString.$"] == "States.Format('{}{}{}', $.plan.unload_before, States.UUID(), $.plan.unload_after)"
    assert {"States.TaskFailed", "States.Timeout"} <= {error for rule in unload["Retry"] for error in rule["ErrorEquals"]}


def test_a_query_that_timed_out_and_may_still_write_is_not_tried_again() -> None:
    for name in ("Assign", "Record"):
        assert not {"States.ALL", "States.Timeout"} & {error for rule in STATES[name]["Retry"] for error in rule["ErrorEquals"]}


def test_as_many_shards_at_once_as_share_the_rate() -> None:
    assert STATES["DeliverAll"]["MaxConcurrencyPath"] == "$.shard.workers"
    assert STATES["Shard"]["ResultSelector"]["workers.$"] == "$.Payload.workers"
    assert "workers" in {each.name for each in fields(Sharded)}


def test_only_what_the_local_interpreter_knows_is_used() -> None:
    mapped = STATES["DeliverAll"]
    assert "QueryLanguage" not in TEXT
    assert mapped["ItemReader"]["ReaderConfig"] == {"InputType": "JSON"}
    assert "ItemBatcher" not in mapped


def test_one_shard_that_fails_ends_no_other_and_is_told_of() -> None:
    # A map that fails ends its children, but not the Lambdas that they called: https://docs.aws.amazon.com/step-functions/latest/dg/maprun-fail-threshold.html
    assert STATES["DeliverAll"]["ToleratedFailurePercentage"] == 100
    assert STATES["Deliver"]["Catch"] == [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Settle"}]
    assert STATES["ShardFailed"]["Type"] == "Pass"
    assert STATES["Conclude"]["Parameters"]["Payload"]["delivered.$"] == STATES["DeliverAll"]["ResultPath"] == "$.delivered"


def test_a_shard_that_failed_is_settled_before_anything_is_counted_and_fails_for_the_same_reason_if_that_fails_too() -> None:
    settle = STATES["Settle"]
    assert settle["Parameters"]["FunctionName"] == STATES["Deliver"]["Parameters"]["FunctionName"]
    assert settle["Parameters"]["Payload"] == {**STATES["Deliver"]["Parameters"]["Payload"], "settle": True}
    assert (settle["ResultPath"], settle["Next"]) == (None, "ShardFailed")
    assert settle["Catch"] == [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.not_settled", "Next": "ShardFailed"}]


def test_a_call_of_deliver_whose_state_timed_out_is_over(source: dict[str, Any]) -> None:
    assert STATES["Deliver"]["TimeoutSeconds"] > source["Resources"]["DeliverFunction"]["Properties"]["Timeout"]


def test_what_a_thousand_shards_give_back_is_far_from_what_a_state_may_pass_on() -> None:
    # Without a ResultWriter the map's output is an array of all of its children's, and a state's is at most 256 KiB, whatever ResultPath makes of it:
    # https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
    longest = {"shard.$": "100", "error.$": "e" * 100}
    for name in ("ShardDone", "ShardFailed"):
        assert set(STATES[name]["Parameters"]) <= set(longest)
    assert 1_000 * len(json.dumps(longest)) < 256 * 1024 * 0.8
    assert set(STATES["DeliverAll"]["ItemSelector"]) == {"run_id.$", "execution.$", "shard.$"}
    assert len(json.dumps({"run_id": "r" * 80, "shard": 100, "done": True, "stopped": False, "sent": 10**6, "wait_seconds": 10**5})) < 256
    assert MAX_SHARDS <= 1_000


def test_whatever_fails_in_a_step_is_told_to_conclude() -> None:
    for name in ("Plan", "Assign", "Unload", "Shard", "Record", "Conclude"):
        assert STATES[name]["Catch"][-1] == {"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "ConcludeFailed"}
    failed = STATES["ConcludeFailed"]
    assert (failed["ResultPath"], failed["Next"], failed["Catch"][0]["Next"]) == (None, "StepFailed", "StepFailed")
    assert (STATES["StepFailed"]["ErrorPath"], STATES["StepFailed"]["CausePath"]) == ("$.failure.Error", "$.failure.Cause")


def test_an_execution_of_a_run_that_has_ended_ends_as_that_did_and_does_not_wait_for_it() -> None:
    plan, shard, had_ended = STATES["Plan"], STATES["Shard"], STATES["HadEnded"]
    assert plan["Catch"][0] == {"ErrorEquals": ["RunEndedError"], "ResultPath": "$.refusal", "Next": "HadEnded"}
    assert shard["Catch"][0] == plan["Catch"][0], "somebody may abort it between the two"
    assert "RunEndedError" not in [error for rule in plan["Retry"] for error in rule["ErrorEquals"]]
    assert had_ended["Parameters"] == {
        "FunctionName": STATES["Conclude"]["Parameters"]["FunctionName"],
        "Payload": {"run_id.$": "$.run_id", "execution.$": "$.execution"},
    }
    assert (had_ended["ResultPath"], had_ended["Next"]) == ("$.concluded", "Concluded")


def test_nothing_is_said_by_the_execution_so_that_one_that_is_redriven_or_resumed_says_the_same() -> None:
    """A redrive goes on with the input of the state that failed, evaluated anew, and with other values in the context object
    (https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html); another execution has the run's id and nothing else."""
    assert set(re.findall(r"\$\$[\w.]+", TEXT)) == {"$$.Map.Item.Value.run_id", "$$.Map.Item.Value.shard"}
    assert ASL["StartAt"] == "Plan"
    assert STATES["Plan"]["Parameters"]["Payload"] == {"run_id.$": "$.run_id"}


def test_a_map_that_fails_concludes_nothing_while_its_lambdas_may_go_on() -> None:
    assert [rule["Next"] for rule in STATES["DeliverAll"]["Catch"]] == ["DeliveryLost"]
    assert STATES["DeliveryLost"] == {
        "Comment": STATES["DeliveryLost"]["Comment"],
        "Type": "Fail",
        "ErrorPath": "$.failure.Error",
        "CausePath": "$.failure.Cause",
    }


def test_an_execution_fails_with_its_run_and_with_one_that_waits_for_somebody_to_mend_something() -> None:
    """Its failure is what the alarm hears. What somebody asked for, a pause or the end, is none."""
    assert (STATES["Conclude"]["Next"], STATES["Conclude"]["ResultPath"]) == ("Concluded", "$.concluded")
    assert STATES["Concluded"]["Default"] == "Failed"
    well = [choice for choice in STATES["Concluded"]["Choices"] if choice["Next"] == "Done"]
    assert [choice.get("StringEquals") for choice in well] == ["running", "succeeded", "aborted", None]
    assert well[-1]["And"] == [
        {"Variable": "$.concluded.state", "StringEquals": "paused"},
        {"Variable": "$.concluded.error", "IsNull": True},
    ]


def test_every_step_that_sends_or_ends_something_knows_of_which_execution_it_is() -> None:
    """That of a run which was resumed or aborted meanwhile sends nothing more, and ends nothing."""
    for name in ("Deliver", "Settle", "Conclude", "ConcludeFailed", "HadEnded"):
        assert STATES[name]["Parameters"]["Payload"]["execution.$"] == "$.execution"
    assert STATES["DeliverAll"]["ItemSelector"]["execution.$"] == "$.execution"
    assert "execution" in {each.name for each in fields(Delivered)}
    assert STATES["Concluded"]["Choices"][0] == {"Variable": "$.concluded.state", "StringEquals": "running", "Next": "Done"}


def test_a_run_that_has_its_shards_asks_athena_for_them_no_more() -> None:
    assert STATES["HasItsShards"]["Choices"] == [{"Variable": "$.plan.manifest", "StringEquals": "", "Next": "Assign"}]
    going_on = STATES["GoOn"]["Parameters"]
    assert STATES["HasItsShards"]["Default"] == "GoOn"
    assert set(going_on) == {"run_id.$", "execution.$", "plan.$", "assign", "unload", "shard"}
    assert set(going_on["shard"]) == {f"{name}" for name in STATES["Shard"]["ResultSelector"]}


def test_the_time_of_an_execution_is_the_one_that_the_domain_counts_on() -> None:
    assert ASL["TimeoutSeconds"] == MAX_EXECUTION.total_seconds()
    assert MAX_DELIVERY < MAX_EXECUTION


def test_stragglers_are_waited_for_as_long_as_deliver_may_live(source: dict[str, Any]) -> None:
    assert STRAGGLERS.total_seconds() > source["Resources"]["DeliverFunction"]["Properties"]["Timeout"]


@pytest.mark.parametrize("name", ["Plan", "Shard", "Deliver", "Conclude"])
def test_state_function_use_case_and_events_have_one_stem(name: str) -> None:
    stem = name.lower()
    assert STATES[name]["Parameters"]["FunctionName"] == f"${{{name}FunctionArn}}"
    assert (ROOT / f"functions/{stem}/handler.py").exists()
    assert (ROOT / f"layers/shared/regulars/usecases/{stem}.py").exists()
    assert list((ROOT / f"events/{stem}").glob("*.json"))
