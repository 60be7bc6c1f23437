"""HTTP APIs: routes and authorizers out of the OpenAPI body that SAM makes. `local.runtime` serves them.

Extensions: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

import re
from collections.abc import Mapping
from typing import Any

from local.resources.model import Api, ApiStage, JwtAuthorizer, Route, Throttle
from local.resources.site import REGION, Resource, Site
from local.template.intrinsics import Values

_ANY_METHOD = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
_AUTHORIZER = "x-amazon-apigateway-authorizer"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", _ANY_METHOD)
_FUNCTION = re.compile(r"/functions/(?P<arn>arn:[^/]+)/invocations$")
_DEFAULT_ROUTE = "$default"


def api(resource: Resource, site: Site) -> Values:
    body = resource.properties.get("Body")
    if not isinstance(body, Mapping):
        raise resource.error("Body", "only HTTP APIs that are described by an OpenAPI body are supported")
    api_id = f"{site.stack}-{resource.logical_id}".lower()
    authorizers = _authorizers(resource, body)
    site.deployed.apis[resource.logical_id] = Api(
        logical_id=resource.logical_id,
        api_id=api_id,
        routes=tuple(
            _route(resource, path, method, operation, authorizers)
            for path, operations in body.get("paths", {}).items()
            for method, operation in operations.items()
        ),
        authorizers=authorizers,
    )
    endpoint = f"https://{api_id}.execute-api.{REGION}.amazonaws.com"
    return Values(api_id, {"ApiId": api_id, "ApiEndpoint": endpoint})


def _route(resource: Resource, path: str, method: str, operation: Mapping[str, Any], authorizers: Mapping[str, JwtAuthorizer]) -> Route:
    where = f"Body.paths.{path}.{method}"
    if method not in _METHODS:
        raise resource.error(where, f"is not a method; supported: {', '.join(_METHODS)}")
    integration = operation.get(_INTEGRATION, {})
    target = _FUNCTION.search(str(integration.get("uri", "")))
    if integration.get("type") != "aws_proxy" or target is None or integration.get("payloadFormatVersion") != "2.0":
        raise resource.error(where, "only aws_proxy integrations with a Lambda function and payload 2.0 are supported")
    # SAM writes NONE for a route that is to have no authorizer although the API has a default one.
    security = [item for item in operation.get("security", []) if item and set(item) != {"NONE"}]
    authorizer, scopes = next(iter(security[0].items())) if security else (None, [])
    if authorizer is not None and authorizer not in authorizers:
        raise resource.error(where, f"wants the authorizer {authorizer}, which the body does not define")
    return Route(
        method="ANY" if method == _ANY_METHOD else method.upper(),
        path=_DEFAULT_ROUTE if operation.get("isDefaultRoute") else path,
        function_arn=target["arn"],
        timeout_millis=int(integration.get("timeoutInMillis", 30000)),
        authorizer=authorizer,
        scopes=tuple(scopes),
    )


def _authorizers(resource: Resource, body: Mapping[str, Any]) -> dict[str, JwtAuthorizer]:
    schemes = body.get("components", {}).get("securitySchemes", {})
    found = {}
    for name, scheme in schemes.items():
        authorizer = scheme.get(_AUTHORIZER, {})
        if authorizer.get("type") != "jwt":
            raise resource.error(f"Body.components.securitySchemes.{name}", "only JWT authorizers are supported")
        settings = authorizer["jwtConfiguration"]
        source = authorizer.get("identitySource", "$request.header.Authorization")
        found[name] = JwtAuthorizer(name, str(settings["issuer"]), tuple(settings["audience"]), str(source))
    return found


def stage(resource: Resource, site: Site) -> Values:
    """Only the default stage: any other one puts its name before every path, which the front door does not do."""
    if resource.properties.get("StageName") != _DEFAULT_ROUTE:
        raise resource.error("StageName", "only $default is supported")
    routes = resource.properties.get("RouteSettings", {})
    site.deployed.stages[resource.logical_id] = ApiStage(
        logical_id=resource.logical_id,
        api_id=str(resource.properties.get("ApiId")),
        throttle=_throttle(resource, "DefaultRouteSettings", resource.properties.get("DefaultRouteSettings", {})),
        route_throttles={key: throttle for key, settings in routes.items() if (throttle := _throttle(resource, f"RouteSettings.{key}", settings))},
    )
    return Values(_DEFAULT_ROUTE)


_LIMITS = ("ThrottlingRateLimit", "ThrottlingBurstLimit")


def _throttle(resource: Resource, place: str, settings: Mapping[str, Any]) -> Throttle | None:
    """Raises TemplateError for one limit without the other: the account's own would hold then, which is not known here."""
    if not settings:
        return None
    if set(settings) != set(_LIMITS):
        raise resource.error(place, f"has {', '.join(sorted(settings))}; supported: {' with '.join(_LIMITS)}")
    try:
        return Throttle(float(settings["ThrottlingRateLimit"]), int(settings["ThrottlingBurstLimit"]))
    except ValueError as error:
        raise resource.error(place, "the limits are not numbers") from error
