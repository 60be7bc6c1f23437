"""Who may, and who does.

API Gateway's JWT authorizer has checked the token and its scopes before this runs. template.yaml says which route needs which scope, and the
routes repeat it for the description of the API (tests/functions/test_admin_description.py compares the two). A person's token has all scopes of the
browser's client, so that their groups are looked at here, before any route of them runs.
"""

from typing import Any, Final, cast

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import ApiGatewayResolver
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring
from regulars.domain.access import Caller, Scope, caller_of

READ: Final = [{"admin": ["regulars/read"]}]
WRITE: Final = [{"admin": ["regulars/write"]}]
SEND: Final = [{"admin": ["regulars/send"]}]
QUERY: Final = [{"admin": ["regulars/query"]}]


def who(router: APIGatewayHttpRouter) -> Caller:
    authorizer = router.current_event.request_context.authorizer
    return caller_of((authorizer.jwt_claim if authorizer else None) or {})


def caller(router: APIGatewayHttpRouter) -> str:
    """Who asks: a person's subject, or the client's id where a program asks for itself."""
    return who(router).id


def author(router: APIGatewayHttpRouter) -> str:
    """Whose name stands under what is done: a person's in the user pool, or the client's id. It is told, and decides nothing."""
    return who(router).name


def require_fresh_sign_in(router: APIGatewayHttpRouter) -> None:
    """Of what cannot be taken back. Raises SignInAgainError."""
    who(router).require_fresh_sign_in(wiring.clock().now())


def only_with_rights(app: ApiGatewayResolver, next_middleware: NextMiddleware) -> Response[Any]:
    """Raises ForbiddenError before the route is called; a route that names no scope is open to everybody."""
    for needed in app.context["_route"].security or ():
        for scope in needed["admin"]:
            who(cast(APIGatewayHttpRouter, app)).require(cast(Scope, scope))
    return next_middleware(app)
