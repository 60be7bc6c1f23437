"""Which HTTP status collection answers each error with. Clients send again after 5xx, and give up what was refused with 4xx."""

from collections.abc import Mapping
from typing import Final

from regulars.domain import errors


class MethodNotAllowedError(errors.RefusedError):
    """The path is known, but not for this method. `allowed` says for which."""

    code = "method_not_allowed"

    def __init__(self, method: str, path: str, allowed: str) -> None:
        super().__init__(f"{path} takes {allowed}, not {method}")
        self.allowed = allowed


class NoSuchRouteError(errors.RefusedError):
    """A request below /admin that API Gateway knows no route for."""

    code = "no_such_route"


STATUSES: Final[Mapping[type[errors.RegularsError], int]] = {
    MethodNotAllowedError: 405,
    NoSuchRouteError: 404,
    errors.InvalidRequestError: 400,
    errors.PayloadTooLargeError: 413,
    errors.UnknownWriteKeyError: 401,
    errors.InvalidSignatureError: 401,
    errors.InvalidRuleError: 400,
    errors.InvalidCampaignError: 400,
    errors.InvalidJourneyError: 400,
    errors.InvalidPlanError: 400,
    errors.InvalidPlacesError: 400,
    errors.InvalidSettingsError: 400,
    errors.InvalidMigrationError: 400,
    errors.UnreadableFeedError: 400,
    errors.NotFoundError: 404,
    errors.ConflictError: 409,
    errors.StaleVersionError: 412,
    errors.ForbiddenError: 403,
    errors.SignInAgainError: 403,
    errors.RunUnderWayError: 409,
    errors.LaunchedMeanwhileError: 409,
    errors.RunEndedError: 409,
    errors.QueueUnavailableError: 503,
    errors.TooManyRequestsError: 429,
    errors.StoreUnavailableError: 503,
    errors.UnreadableCatalogError: 503,
    errors.RunnerUnavailableError: 503,
    errors.SchedulerUnavailableError: 503,
    errors.QueryFailedError: 502,
    errors.ShardHeldError: 503,
    errors.ShardLostError: 502,
    errors.ShardCutOffError: 502,
    errors.PushUnavailableError: 503,
    errors.PushConfigurationError: 502,
    errors.MessageRefusedError: 502,
}
"""Every leaf of the tree (tests/functions/test_errors.py)."""


def status_of(error: errors.RegularsError) -> int:
    return STATUSES.get(type(error), 500)
