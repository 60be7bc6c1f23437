"""How one gets a token, as the API's description says it: https://spec.openapis.org/oas/v3.1.0#oauth-flows-object.

OpenAPI has no word for a client's id; `x-client-id` is ours, and `regulars login` and the console read it.
"""

from typing import Any, Final

from regulars.config import Config

SCOPES: Final = {
    "regulars/read": "See segments and campaigns, count and list people",
    "regulars/write": "Change segments and campaigns",
    "regulars/send": "Launch campaigns",
    "regulars/query": "Ask the lake in SQL",
    "regulars/privacy": "Export and erase people",
}


def security_scheme(config: Config) -> dict[str, Any]:
    """The security scheme `admin`: client credentials for programs, a code with PKCE for people."""
    token = f"{config.sign_in_url}/oauth2/token"
    return {
        "type": "oauth2",
        "flows": {
            "clientCredentials": {"tokenUrl": token, "scopes": SCOPES, "x-client-id": config.operator_client},
            "authorizationCode": {
                "authorizationUrl": f"{config.sign_in_url}/oauth2/authorize",
                "tokenUrl": token,
                "refreshUrl": token,
                "scopes": SCOPES,
                "x-client-id": config.browser_client,
            },
        },
    }
