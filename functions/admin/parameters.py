"""What a request may ask behind the `?`: what its route describes, and nothing else, as bodies have known keys only."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import ApiGatewayResolver
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import Problem, guess, listed, refusal


def only_known_parameters(app: ApiGatewayResolver, next_middleware: NextMiddleware) -> Response[Any]:
    """Raises InvalidRequestError with all others before the route is called. A route that names no scope is open to everybody, and to whatever they
    ask: the description of the API, and what there is not."""
    route = app.context["_route"]
    known = [each.alias for each in route.dependant.query_params]
    if route.security and (strange := [name for name in app.current_event.query_string_parameters if name not in known]):
        allowed = listed(known) if known else "none"
        raise refusal(InvalidRequestError, [Problem(name, f"is no parameter of this call{guess(name, known)}; known: {allowed}") for name in strange])
    return next_middleware(app)
