"""How often the key is read."""

from collections.abc import Iterator
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from regulars.adapters import aws, fcm_of_secret
from regulars.adapters.fcm_of_secret import FcmOfSecret
from regulars.domain.errors import PushConfigurationError


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A secret that has a value; each read of it is noted."""
    found: list[str] = []
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        monkeypatch.setattr(aws, "_clients", {})
        boto3.client("secretsmanager").create_secret(Name="key", SecretString="{}")
        read = fcm_of_secret.secret_text
        monkeypatch.setattr(fcm_of_secret, "secret_text", lambda secret: found.append(secret) or read(secret))
        monkeypatch.setattr(fcm_of_secret, "_read", {})
        yield found


def opened(believed: timedelta, *, bundle: str = "") -> None:
    """As two calls of a function do, each with an adapter of its own. The key is none, which is said."""
    for _ in range(2):
        sender = FcmOfSecret("key", base_url="https://fcm.example", ca_bundle=bundle, rate_table="t", limit=1, believed=believed)
        with pytest.raises(PushConfigurationError):
            sender.open(per_second=1.0)


def test_who_sends_to_many_reads_it_each_time_and_uses_a_mended_one_at_once(reads: list[str]) -> None:
    opened(timedelta(0))
    assert len(reads) == 2


def test_who_sends_a_few_at_a_time_believes_it_for_a_while(reads: list[str]) -> None:
    opened(timedelta(minutes=1))
    assert len(reads) == 1
    opened(timedelta(minutes=1), bundle="another.pem")
    assert len(reads) == 2
