from typing import Any

import pytest

from regulars.domain.messages.marking import marked


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ({"notification": {"title": "Hi", "body": "x"}}, {"notification": {"title": "[Test] Hi", "body": "x"}}),
        ({"notification": {"body": "x"}}, {"notification": {"body": "[Test] x"}}),
        ({"android": {"notification": {"title": "Hi"}}}, {"android": {"notification": {"title": "[Test] Hi"}}}),
        ({"apns": {"payload": {"aps": {"alert": "Hi"}}}}, {"apns": {"payload": {"aps": {"alert": "[Test] Hi"}}}}),
        ({"webpush": {"headers": {"TTL": "1"}}}, {"webpush": {"headers": {"TTL": "1"}}}),
        ({}, {}),
    ],
)
def test_a_test_is_marked_wherever_a_platform_finds_its_texts(message: dict[str, Any], told: dict[str, Any]) -> None:
    assert marked({**message, "data": {"a": "b"}}) == {**told, "data": {"a": "b", "test": "true"}}
