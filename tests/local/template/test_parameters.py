"""Template parameters."""

from typing import Any

import pytest

from local.template.errors import TemplateError
from local.template.parameters import resolve_parameters


def test_overrides_win_over_defaults_and_numbers_stay_text() -> None:
    declared = {
        "Stage": {"Type": "String", "Default": "dev"},
        "Days": {"Type": "Number", "Default": 30},
        "Bytes": {"Type": "Number", "Default": 5},
    }
    assert resolve_parameters(declared, {"Stage": "local", "Bytes": "7"}) == {
        "Stage": "local",
        "Days": "30",
        "Bytes": "7",
    }


def test_a_list_parameter_is_split_and_trimmed() -> None:
    assert resolve_parameters({"Zones": {"Type": "CommaDelimitedList", "Default": "a, b"}}, {}) == {"Zones": ["a", "b"]}


@pytest.mark.parametrize(
    ("declaration", "value", "message"),
    [
        ({"Type": "String"}, None, "has no default and no value was given"),
        ({"Type": "String", "AllowedValues": ["dev", "prod"]}, "x", "'x' is not one of dev, prod"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "ab1", r"'ab1' does not match \[a-z\]\+"),
        ({"Type": "String", "MinLength": 3}, "ab", "'ab' has 2 characters"),
        ({"Type": "Number"}, "many", "'many' is not a number"),
        ({"Type": "Number", "MinValue": 10}, "9", "'9' is below 10"),
        ({"Type": "Number", "MaxValue": 10}, "11", "'11' is above 10"),
        ({"Type": "List<Number>"}, "1,x", "'x' is not a number"),
        (
            {"Type": "AWS::SSM::Parameter::Value<String>"},
            "x",
            "the type AWS::SSM::Parameter::Value<String> is not supported",
        ),
    ],
)
def test_a_value_that_the_declaration_forbids_is_refused(declaration: dict[str, Any], value: str | None, message: str) -> None:
    with pytest.raises(TemplateError, match=f"Parameters.Thing: .*{message}"):
        resolve_parameters({"Thing": declaration}, {} if value is None else {"Thing": value})


def test_an_unknown_override_lists_what_there_is() -> None:
    with pytest.raises(TemplateError, match=r"Parameters\.Stag: the template has no such parameter; it has Stage"):
        resolve_parameters({"Stage": {"Type": "String", "Default": "x"}}, {"Stag": "local"})


def test_a_secret_value_is_not_shown() -> None:
    with pytest.raises(TemplateError) as caught:
        resolve_parameters({"Key": {"Type": "String", "NoEcho": True, "AllowedPattern": "k.*"}}, {"Key": "hunter2"})
    assert "hunter2" not in str(caught.value)
