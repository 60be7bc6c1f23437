"""Step Functions state machines: the definition file with its substitutions, run by moto's interpreter."""

import json
import re

from local.iam import services
from local.resources.model import StateMachine
from local.resources.site import Existing, Resource, Site, arn
from local.template.intrinsics import Values, as_text
from local.template.translate import local_path

_SUBSTITUTION = re.compile(r"\$\{([A-Za-z0-9_]+)\}")


def state_machine(resource: Resource, site: Site) -> Values:
    """Ref is the ARN. CloudFormation replaces `${Name}` as plain text before the definition is read as JSON."""
    name = site.name(resource, "StateMachineName")
    definition = _substituted(resource, site)
    _require_logging(resource, site, name)
    request = {"name": name, "definition": definition, "roleArn": resource.required("RoleArn")}
    site.client("stepfunctions").create_state_machine(**request)
    made = StateMachine(resource.logical_id, name, arn("states", f"stateMachine:{name}"), definition)
    site.deployed.machines[resource.logical_id] = made
    return Values(made.arn, {"Arn": made.arn, "Name": name})


def update_state_machine(resource: Resource, existing: Existing, site: Site) -> Values:
    """Executions that run go on with the definition that they began with."""
    made = existing.values.reference
    definition = _substituted(resource, site)
    _require_logging(resource, site, existing.values.attributes["Name"])
    site.client("stepfunctions").update_state_machine(stateMachineArn=made, definition=definition, roleArn=resource.required("RoleArn"))
    site.deployed.machines[resource.logical_id] = StateMachine(resource.logical_id, existing.values.attributes["Name"], made, definition)
    return existing.values


def _require_logging(resource: Resource, site: Site, name: str) -> None:
    site.require(resource.required("RoleArn"), name, *services.machine_log(resource.properties.get("LoggingConfiguration", {})))


def _substituted(resource: Resource, site: Site) -> str:
    text = _definition(resource, site)
    substitutions = resource.properties.get("DefinitionSubstitutions", {})
    missing = sorted(set(_SUBSTITUTION.findall(text)) - set(substitutions))
    if missing:
        raise resource.error("DefinitionSubstitutions", f"the definition also wants {', '.join(missing)}")
    definition = _SUBSTITUTION.sub(lambda found: as_text(substitutions[found[1]]), text)
    try:
        json.loads(definition)
    except ValueError as error:
        raise resource.error("DefinitionS3Location", f"the definition is not JSON: {error}") from error
    return definition


def _definition(resource: Resource, site: Site) -> str:
    if "DefinitionString" in resource.properties:
        return str(resource.properties["DefinitionString"])
    if "Definition" in resource.properties:
        return json.dumps(resource.properties["Definition"])
    place = resource.properties.get("DefinitionS3Location", {})
    path = local_path(place.get("Bucket"), place.get("Key"))
    if path is None:
        raise resource.error("DefinitionS3Location", "only a definition that lies in the checkout can be read here")
    try:
        return (site.checkout / path).read_text(encoding="utf-8")
    except OSError as error:
        raise resource.error("DefinitionS3Location", f"cannot read {path}: {error.strerror}") from error
