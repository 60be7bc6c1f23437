"""Who may, and who does.

API Gateway's JWT authorizer has checked the token and its scopes before this runs. template.yaml says which route needs which scope, and the
routes repeat it for the description of the API (tests/functions/test_admin_description.py compares the two).
"""

from typing import Final

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

READ: Final = [{"admin": ["regulars/read"]}]
WRITE: Final = [{"admin": ["regulars/write"]}]
SEND: Final = [{"admin": ["regulars/send"]}]


def caller(router: APIGatewayHttpRouter) -> str:
    """Who asks: a person's subject, or the client's id where a program asks for itself."""
    authorizer = router.current_event.request_context.authorizer
    claims = (authorizer.jwt_claim if authorizer else None) or {}
    return str(claims.get("sub") or claims.get("client_id") or "unknown")
