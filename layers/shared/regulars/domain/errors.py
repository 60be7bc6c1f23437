"""Every error that Regulars raises on purpose.

    RegularsError
    |-- RefusedError                    the caller must change something; never retried
    |   |-- InvalidRequestError         a request that cannot be read
    |   |-- PayloadTooLargeError        a body over the limit
    |   |-- UnknownWriteKeyError        no source has this write key
    |   |-- InvalidSignatureError       a call that must be signed, and is not, or by another secret, or at another hour
    |   |-- InvalidRuleError            a segment rule
    |   |-- InvalidCampaignError        a campaign
    |   |-- InvalidJourneyError         a journey
    |   |-- InvalidPlanError            a tracking plan
    |   |-- InvalidPlacesError          a list of places
    |   |-- InvalidSettingsError        the settings
    |   |-- InvalidMigrationError       a file of infra/migrations
    |   |-- NotFoundError               no such segment, campaign, run, person
    |   |-- ConflictError               somebody else was first
    |   |-- StaleVersionError           what is to be replaced is another version by now
    |   |-- ForbiddenError              whoever asks has not the right
    |   |-- SignInAgainError            whoever asks has it, and signed in too long ago
    |   |-- RunUnderWayError            another run of the campaign goes on
    |   |-- LaunchedMeanwhileError      somebody else launched the campaign, unseen by whoever launches it now
    |   |-- UnreadableFeedError         a feed of content cannot be fetched, or is none
    |   `-- RunEndedError               nothing is to be done for a run any more
    `-- InfrastructureError             something under us failed; safe to try again
        |-- QueueUnavailableError       SQS took nothing
        |-- TooManyRequestsError        SQS or DynamoDB is asked for more than it takes at the moment
        |-- StoreUnavailableError       S3 or DynamoDB
        |-- UnreadableCatalogError      the catalog of events is broken, or of another version
        |-- RunnerUnavailableError      the state machine, or the function, that was to start work did not take it
        |-- SchedulerUnavailableError   EventBridge Scheduler
        |-- QueryFailedError            Athena said FAILED or CANCELLED
        |-- ShardHeldError              another call sends to this shard
        |-- ShardLostError              the calls that send to this shard die, one after the other
        |-- ShardCutOffError            a file of the shard ends before its end
        |-- PushUnavailableError        FCM cannot be reached at all
        |-- PushConfigurationError      FCM refuses our credentials: a run stops, nobody is marked as sent
        `-- MessageRefusedError         FCM refuses what a campaign says, to whomever it is sent: a run stops likewise

State machines catch the leaves by class name, so a leaf is never renamed lightly. Which HTTP status a leaf is answered with is for each API to
say: `functions/admin/errors.py` and `functions/collect/errors.py`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar


class RegularsError(Exception):
    """The root. `code` is a stable word for programs; `str(error)` is a sentence for people."""

    code: ClassVar[str] = "error"


class RefusedError(RegularsError):
    """The caller's to mend. `field` is the path of what is wrong, as in `rule.all[1].where[0]`, or empty; `said` what is wrong there. Where all of a
    document was looked at, `problems` are all that is wrong with it, the first of which the message tells: each a path, and what is said of it."""

    code = "refused"

    def __init__(self, message: str, *, field: str = "", problems: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field
        self.said = message
        self.problems = problems


class InvalidRequestError(RefusedError):
    code = "invalid_request"


class PayloadTooLargeError(RefusedError):
    code = "payload_too_large"


class UnknownWriteKeyError(RefusedError):
    code = "unknown_write_key"


class InvalidSignatureError(RefusedError):
    code = "invalid_signature"


class InvalidRuleError(RefusedError):
    code = "invalid_rule"


class InvalidCampaignError(RefusedError):
    code = "invalid_campaign"


class InvalidJourneyError(RefusedError):
    code = "invalid_journey"


class InvalidPlanError(RefusedError):
    code = "invalid_plan"


class InvalidPlacesError(RefusedError):
    code = "invalid_places"


class InvalidSettingsError(RefusedError):
    code = "invalid_settings"


class InvalidMigrationError(RefusedError):
    code = "invalid_migration"


class UnreadableFeedError(RefusedError):
    """What its server, or its text, did. It is tried again by itself, not before `not_before` where the server says so."""

    code = "unreadable_feed"

    def __init__(self, message: str, *, not_before: datetime | None = None) -> None:
        super().__init__(message)
        self.not_before = not_before


class NotFoundError(RefusedError):
    code = "not_found"


class ConflictError(RefusedError):
    code = "conflict"


class StaleVersionError(RefusedError):
    """`version` is the newest one, or 0 where there is none."""

    code = "stale_version"

    def __init__(self, message: str, *, version: int) -> None:
        super().__init__(message)
        self.version = version


class ForbiddenError(RefusedError):
    code = "forbidden"


class SignInAgainError(RefusedError):
    code = "sign_in_again"


class RunUnderWayError(RefusedError):
    """`run_id` is the run that goes on."""

    code = "run_under_way"

    def __init__(self, message: str, *, run_id: str) -> None:
        super().__init__(message)
        self.run_id = run_id


class LaunchedMeanwhileError(RefusedError):
    """`run_id` is the run that was not seen."""

    code = "launched_meanwhile"

    def __init__(self, message: str, *, run_id: str) -> None:
        super().__init__(message)
        self.run_id = run_id


class RunEndedError(RefusedError):
    code = "run_ended"


class InfrastructureError(RegularsError):
    """Ours to mend, and safe to try again."""

    code = "unavailable"


class QueueUnavailableError(InfrastructureError):
    code = "queue_unavailable"


class TooManyRequestsError(InfrastructureError):
    code = "too_many_requests"


class StoreUnavailableError(InfrastructureError):
    code = "store_unavailable"


class UnreadableCatalogError(InfrastructureError):
    """The next curate that inserts makes it anew."""

    code = "catalog_unreadable"


class RunnerUnavailableError(InfrastructureError):
    code = "runner_unavailable"


class SchedulerUnavailableError(InfrastructureError):
    code = "scheduler_unavailable"


class QueryFailedError(InfrastructureError):
    """`refused`: Athena did not take what it was asked, rather than failing at it."""

    code = "query_failed"

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


class ShardHeldError(InfrastructureError):
    """For about so many `seconds`, unless that call ends before or lives on."""

    code = "shard_held"

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class ShardLostError(InfrastructureError):
    code = "shard_lost"


class ShardCutOffError(InfrastructureError):
    code = "shard_cut_off"


class PushUnavailableError(InfrastructureError):
    code = "push_unavailable"


class PushConfigurationError(InfrastructureError):
    code = "push_configuration"


class MessageRefusedError(InfrastructureError):
    code = "message_refused"
