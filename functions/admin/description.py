"""The OpenAPI description: powertools makes it from the routes' own types, and here it learns how we refuse."""

import orjson
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from regulars import wiring
from regulars.domain.documents import JsonObject

from .errors import Problem
from .sign_in import security_scheme


def described(app: APIGatewayHttpResolver) -> JsonObject:
    from aws_lambda_powertools.event_handler.openapi.models import OAuth2

    text = app.get_openapi_json_schema(
        title="Regulars administration",
        version="1",
        description="A bearer token of the stack's user pool, and in it the scope that a route names.",
        security_schemes={"admin": OAuth2.model_validate(security_scheme(wiring.config()))},
    )
    return _with_problems(orjson.loads(text))


def _with_problems(description: JsonObject) -> JsonObject:
    """Every operation may answer a Problem, in place of what powertools itself would answer."""
    schemas = description["components"]["schemas"]
    for replaced in ("HTTPValidationError", "ResponseValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    schemas["Problem"] = Problem.model_json_schema()
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in description["paths"].values():
        for operation in operations.values():
            for replaced in ("422", "500"):
                operation["responses"].pop(replaced, None)
            operation["responses"]["default"] = {"description": "Refused, or failed", "content": problem}
    return description
