"""What the admin API answers where something is refused or fails: one body, `Problem`, and one status for each error of the tree."""

from collections.abc import Mapping
from typing import Final

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from regulars.domain import errors

STATUSES: Final[Mapping[type[errors.RegularsError], int]] = {
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
"""Every leaf of the tree (tests/functions/test_errors.py). 429 and 503 may pass, 502 stays until somebody changes something."""


class DocumentProblem(BaseModel):
    """`path` is where the document says it."""

    path: str
    message: str


class Problem(BaseModel):
    """Every refusal and every failure. `field` is the path of what is wrong, `run_id` the run that is in the way, `version` the newest one where
    another was to be replaced, `problems` all that is wrong with a document; each is absent where there is none."""

    code: str
    message: str
    field: str = ""
    run_id: str = ""
    version: int | None = None
    problems: list[DocumentProblem] = []

    def answer(self, status: int) -> Response[str]:
        return Response(status, "application/json", self.model_dump_json(exclude_defaults=True))


def status_of(error: errors.RegularsError) -> int:
    return STATUSES.get(type(error), 500)


def answer_to(error: errors.RegularsError) -> Response[str]:
    field = error.field if isinstance(error, errors.RefusedError) else ""
    run_id = error.run_id if isinstance(error, errors.RunUnderWayError | errors.LaunchedMeanwhileError) else ""
    version = error.version if isinstance(error, errors.StaleVersionError) else None
    problems = error.problems if isinstance(error, errors.RefusedError) else ()
    said = [DocumentProblem(path=path, message=message) for path, message in problems]
    return Problem(code=error.code, message=str(error), field=field, run_id=run_id, version=version, problems=said).answer(status_of(error))
