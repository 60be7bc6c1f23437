"""Every error that Regulars raises on purpose.

    RegularsError
    |-- RefusedError                    the caller must change something; never retried
    |   |-- InvalidRequestError         400  a request that cannot be read
    |   |-- PayloadTooLargeError        413  a body over the limit
    |   |-- UnknownWriteKeyError        401  no source has this write key
    |   |-- InvalidRuleError            400  a segment rule
    |   |-- InvalidCampaignError        400  a campaign
    |   |-- InvalidMigrationError       400  a file of infra/migrations
    |   |-- NotFoundError               404  no such segment, campaign, run, person
    |   `-- ConflictError               409  somebody else was first
    `-- InfrastructureError             something under us failed; safe to try again
        |-- QueueUnavailableError       503
        |-- StoreUnavailableError       503  S3 or DynamoDB
        |-- QueryFailedError            502  Athena said FAILED or CANCELLED
        |-- PushUnavailableError        503  FCM cannot be reached at all
        `-- PushConfigurationError      502  FCM refuses our credentials: a run stops, nobody is marked as sent

State machines catch the leaves by class name, so a leaf is never renamed lightly.
"""

from typing import ClassVar


class RegularsError(Exception):
    """The root. `code` is a stable word for programs; `str(error)` is a sentence for people."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500


class RefusedError(RegularsError):
    """The caller's to mend. `field` is the path of what is wrong, as in `rule.all[1].where[0]`, or empty."""

    code = "refused"
    status = 400

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field


class InvalidRequestError(RefusedError):
    code = "invalid_request"


class PayloadTooLargeError(RefusedError):
    code = "payload_too_large"
    status = 413


class UnknownWriteKeyError(RefusedError):
    code = "unknown_write_key"
    status = 401


class InvalidRuleError(RefusedError):
    code = "invalid_rule"


class InvalidCampaignError(RefusedError):
    code = "invalid_campaign"


class InvalidMigrationError(RefusedError):
    code = "invalid_migration"


class NotFoundError(RefusedError):
    code = "not_found"
    status = 404


class ConflictError(RefusedError):
    code = "conflict"
    status = 409


class InfrastructureError(RegularsError):
    """Ours to mend, and safe to try again."""

    code = "unavailable"
    status = 503


class QueueUnavailableError(InfrastructureError):
    code = "queue_unavailable"


class StoreUnavailableError(InfrastructureError):
    code = "store_unavailable"


class QueryFailedError(InfrastructureError):
    code = "query_failed"
    status = 502


class PushUnavailableError(InfrastructureError):
    code = "push_unavailable"


class PushConfigurationError(InfrastructureError):
    code = "push_configuration"
    status = 502
