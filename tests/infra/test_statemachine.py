"""The campaign's state machine as a document: what it may rely on, and what every state must have."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from regulars.domain import errors
from regulars.domain.campaigns.run import PARALLEL_WORKERS

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
        assert "Next" in state or "Default" in state or state["Type"] in ("Succeed", "Fail")
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
    assert named >= {"StoreUnavailableError", "PushConfigurationError"}
    for name in named:
        assert issubclass(getattr(errors, name), errors.RegularsError), name


def test_refused_credentials_are_not_tried_again() -> None:
    deliver = STATES["Deliver"]
    assert not [rule for rule in deliver["Retry"] if {"PushConfigurationError", "States.ALL", "States.TaskFailed"} & set(rule["ErrorEquals"])]


def test_an_unload_that_may_have_written_is_not_tried_again() -> None:
    assert all(error.startswith("Athena.") for rule in STATES["Unload"]["Retry"] for error in rule["ErrorEquals"])


def test_a_query_that_timed_out_and_may_still_write_is_not_tried_again() -> None:
    for name in ("Assign", "Record", "RecordWhatWentOut"):
        assert not {"States.ALL", "States.Timeout"} & {error for rule in STATES[name]["Retry"] for error in rule["ErrorEquals"]}


def test_as_many_shards_at_once_as_share_the_rate() -> None:
    assert STATES["DeliverAll"]["MaxConcurrency"] == PARALLEL_WORKERS


def test_only_what_the_local_interpreter_knows_is_used() -> None:
    mapped = STATES["DeliverAll"]
    assert "QueryLanguage" not in TEXT
    assert mapped["ItemReader"]["ReaderConfig"] == {"InputType": "JSON"}
    assert "ItemBatcher" not in mapped


def test_one_shard_that_fails_fails_the_map() -> None:
    # Absent means none: https://docs.aws.amazon.com/step-functions/latest/dg/maprun-fail-threshold.html
    assert not [name for name in STATES["DeliverAll"] if name.startswith("ToleratedFailure")]


@pytest.mark.parametrize("name", ["Plan", "Shard", "Deliver", "Conclude"])
def test_state_function_use_case_and_events_have_one_stem(name: str) -> None:
    stem = name.lower()
    assert STATES[name]["Parameters"]["FunctionName"] == f"${{{name}FunctionArn}}"
    assert (ROOT / f"functions/{stem}/handler.py").exists()
    assert (ROOT / f"layers/shared/regulars/usecases/{stem}.py").exists()
    assert list((ROOT / f"events/{stem}").glob("*.json"))
