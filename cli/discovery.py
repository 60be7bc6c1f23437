"""How one signs in to an installation: its API's description says so, to anybody."""

import json
from dataclasses import dataclass
from typing import Any

from .errors import CommandError
from .transport import UnreachableError, exchange


@dataclass(frozen=True, slots=True)
class SignIn:
    """The user pool's endpoints, and the ids of its clients: one for programs, with a secret, and one for people in a browser, without."""

    authorization_endpoint: str
    token_endpoint: str
    operator_client: str
    browser_client: str


def sign_in_of(api: str) -> SignIn:
    """Reads `/admin/openapi.json`: its security scheme `admin` holds both flows (https://spec.openapis.org/oas/v3.1.0#oauth-flows-object).

    Raises CommandError.
    """
    address = f"{api.rstrip('/')}/admin/openapi.json"
    try:
        reply = exchange("GET", address)
    except UnreachableError as error:
        raise CommandError(f"cannot reach {address} ({error})", code="unreachable", advice="--api is the stack's output ApiUrl.") from None
    try:
        return _read(json.loads(reply.body)["components"]["securitySchemes"]["admin"]["flows"])
    except (ValueError, KeyError, TypeError):
        raise CommandError(
            f"{address} answered {reply.status}, and does not say how one signs in",
            code="not_the_api",
            advice="--api is the stack's output ApiUrl, without a path.",
        ) from None


def _read(flows: Any) -> SignIn:
    program, person = flows["clientCredentials"], flows["authorizationCode"]
    return SignIn(
        authorization_endpoint=str(person["authorizationUrl"]),
        token_endpoint=str(program["tokenUrl"]),
        operator_client=str(program["x-client-id"]),
        browser_client=str(person["x-client-id"]),
    )
