"""What `regulars logs` and `regulars doctor` look at is all that there is: nobody is forgotten when a function, an alarm or a queue comes."""

import re
from typing import Any


def admin_sees(source: dict[str, Any], variable: str) -> dict[str, str]:
    """Logical ids by what the variable calls them, or by themselves."""
    text = source["Resources"]["AdminFunction"]["Properties"]["Environment"]["Variables"][variable]["Fn::Sub"]
    named = [re.fullmatch(r"(?:(\w+)=)?\$\{(\w+)\}", each) for each in text.split(",")]
    return {found[1] or found[2]: found[2] for found in named if found}


def of_type(source: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: each["Properties"] for name, each in source["Resources"].items() if each["Type"] == kind}


def statement(source: dict[str, Any], sid: str) -> dict[str, Any]:
    """Of the admin function."""
    policies = source["Resources"]["AdminFunction"]["Properties"]["Policies"]
    statements = [each for policy in policies if "Statement" in policy for each in policy["Statement"]]
    (found,) = [each for each in statements if each["Sid"] == sid]
    return dict(found)


def allowed(source: dict[str, Any], sid: str) -> set[str]:
    """The logical ids that a statement of the admin function names."""
    return {resource["Fn::GetAtt"][0] for resource in statement(source, sid)["Resource"]}


def test_the_log_group_of_every_function_can_be_read(source: dict[str, Any]) -> None:
    functions = of_type(source, "AWS::Serverless::Function")
    groups = {
        properties["CodeUri"] and properties["Handler"].split(".")[0]: properties["LoggingConfig"]["LogGroup"]["Ref"]
        for properties in functions.values()
    }
    names = {name: properties.get("LogGroupName", {}).get("Fn::Sub") for name, properties in of_type(source, "AWS::Logs::LogGroup").items()}
    folder, _, stems = source["Resources"]["AdminFunction"]["Properties"]["Environment"]["Variables"]["LOG_GROUPS"]["Fn::Sub"].rpartition(":")
    assert {stem: names[group] for stem, group in groups.items()} == {stem: f"{folder}{stem}" for stem in stems.split(",")}
    assert statement(source, "ReadTheLogsOfTheFunctions")["Resource"]["Fn::Sub"].endswith(f":log-group:{folder}*")


def test_every_alarm_has_the_name_that_cloudformation_makes_of_the_stacks_by_which_they_are_found(source: dict[str, Any]) -> None:
    assert not [name for name, each in of_type(source, "AWS::CloudWatch::Alarm").items() if "AlarmName" in each]
    assert source["Resources"]["AdminFunction"]["Properties"]["Environment"]["Variables"]["ALARM_PREFIX"] == {"Fn::Sub": "${AWS::StackName}-"}


def test_every_dead_letter_queue_is_counted(source: dict[str, Any]) -> None:
    queues = {name for name in of_type(source, "AWS::SQS::Queue") if name.endswith("DeadLetterQueue")}
    assert set(admin_sees(source, "DEAD_LETTER_QUEUES").values()) == queues
    assert queues < allowed(source, "SeeQueueDepth")


def test_every_dead_letter_queue_has_an_alarm(source: dict[str, Any]) -> None:
    watched = {
        each["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for each in of_type(source, "AWS::CloudWatch::Alarm").values()
        if each["Namespace"] == "AWS/SQS"
    }
    assert watched == {name for name in of_type(source, "AWS::SQS::Queue") if name.endswith("DeadLetterQueue")}
