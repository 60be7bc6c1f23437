"""Secrets that an operator put into Secrets Manager."""

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import PushConfigurationError, StoreUnavailableError


def service_account(secret: str) -> dict[str, Any]:
    """The Firebase service account kept in the secret of this ARN.

    Raises PushConfigurationError if nobody has put one there, or if it is not JSON; StoreUnavailableError if it cannot be read.
    """
    advice = "put it there with `aws secretsmanager put-secret-value` (docs/operations.md)"
    try:
        text = client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            raise PushConfigurationError(f"the secret {secret} holds no Firebase service account: {advice}") from error
        raise StoreUnavailableError(f"cannot read {secret}: {error}") from error
    except BotoCoreError as error:
        raise StoreUnavailableError(f"cannot read {secret}: {error}") from error
    try:
        account = json.loads(text)
    except ValueError as error:
        raise PushConfigurationError(f"the secret {secret} is not JSON: {advice}") from error
    if not isinstance(account, dict):
        raise PushConfigurationError(f"the secret {secret} is not a service account: {advice}")
    return account
