"""Secrets Manager."""

import json
from typing import Any

from local.resources.site import Resource, Site, whole_numbers
from local.template.intrinsics import Values

_PASSWORD_OPTIONS = (
    "PasswordLength",
    "ExcludeCharacters",
    "ExcludeNumbers",
    "ExcludePunctuation",
    "ExcludeUppercase",
    "ExcludeLowercase",
    "IncludeSpace",
    "RequireEachIncludedType",
)


def secret(resource: Resource, site: Site) -> Values:
    """Ref is the ARN. A secret without a value is made without one, as on AWS: reading it fails until somebody puts it."""
    client = site.client("secretsmanager")
    request: dict[str, Any] = resource.some("Description", "SecretString")
    if "GenerateSecretString" in resource.properties:
        request["SecretString"] = _generate(client, whole_numbers(resource.properties["GenerateSecretString"]))
    made = client.create_secret(Name=site.name(resource, "Name"), **request)
    return Values(made["ARN"], {"Id": made["ARN"]})


def _generate(client: Any, options: dict[str, Any]) -> str:
    password = client.get_random_password(**{key: options[key] for key in _PASSWORD_OPTIONS if key in options})
    if "SecretStringTemplate" not in options:
        return str(password["RandomPassword"])
    return json.dumps({**json.loads(options["SecretStringTemplate"]), options["GenerateStringKey"]: password["RandomPassword"]})
