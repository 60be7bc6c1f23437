"""Clients of the user pool, which `local.runtime.oauth` serves.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolclient.html
"""

from collections.abc import Mapping
from typing import Any, Final

from local.resources.model import OAuthClient
from local.resources.site import Resource, Site
from local.template.intrinsics import Values, as_text

_UNITS: Final = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


def user_pool_client(resource: Resource, site: Site) -> Values:
    """The id is the client's name, and a secret is the id with "-secret" behind it: docs/local-cloud.md tells everybody."""
    properties = resource.properties
    client_id = site.name(resource, "ClientName")
    enabled = as_text(properties.get("AllowedOAuthFlowsUserPoolClient", False)) == "true"
    site.deployed.oauth_clients[resource.logical_id] = OAuthClient(
        client_id=client_id,
        secret=f"{client_id}-secret" if as_text(properties.get("GenerateSecret", False)) == "true" else None,
        flows=tuple(properties.get("AllowedOAuthFlows", ())) if enabled else (),
        scopes=tuple(properties.get("AllowedOAuthScopes", ())),
        callback_urls=tuple(properties.get("CallbackURLs", ())),
        logout_urls=tuple(properties.get("LogoutURLs", ())),
        access_seconds=_lifetime(resource, "AccessToken", 1, "hours"),
        refresh_seconds=_lifetime(resource, "RefreshToken", 30, "days"),
        rotation_grace=_rotation_grace(properties.get("RefreshTokenRotation", {})),
    )
    return Values(client_id, {"ClientId": client_id})


def _lifetime(resource: Resource, token: str, default: int, default_unit: str) -> int:
    unit = str(resource.properties.get("TokenValidityUnits", {}).get(token, default_unit))
    if unit not in _UNITS:
        raise resource.error(f"TokenValidityUnits.{token}", f"{unit!r} is no unit; there are {', '.join(_UNITS)}")
    return resource.integer(f"{token}Validity", default) * _UNITS[unit]


def _rotation_grace(rotation: Mapping[str, Any]) -> int | None:
    return int(rotation.get("RetryGracePeriodSeconds", 0)) if rotation.get("Feature") == "ENABLED" else None
