"""The admin API. Each route: one use case, its result as JSON. What takes long is started by one call and asked after by another.

API Gateway's JWT authorizer has checked the token and its scopes (template.yaml says which route needs which) before this runs.
Use cases are imported by the route that needs them: the SQL compiler alone would double the cold start of all the others.
"""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

import orjson
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as NoSuchRouteError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ConfigDict

from regulars import wiring
from regulars.domain.admin_api import Evaluation, Flush, Moment, Problem, SegmentSql
from regulars.domain.errors import InfrastructureError, InvalidRequestError, RefusedError, RegularsError
from regulars.observability import logger
