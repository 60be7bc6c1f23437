"""Secrets that an operator put into Secrets Manager."""

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import PushConfigurationError, StoreUnavailableError


def secret_text(secret: str) -> str:
    """The text kept in the secret of this ARN.

    Raises PushConfigurationError if nobody has put one there, StoreUnavailableError if it cannot be read.
    """
    try:
        return str(client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            raise PushConfigurationError(
                f"the secret {secret} is empty: put a Firebase service account there with `aws secretsmanager put-secret-value` (docs/operations.md)"
            ) from error
        raise StoreUnavailableError(f"cannot read {secret}: {error}") from error
    except BotoCoreError as error:
        raise StoreUnavailableError(f"cannot read {secret}: {error}") from error
