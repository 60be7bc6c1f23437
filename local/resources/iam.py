"""IAM roles and policies, and the policies of resources. moto has the roles, because its Lambda wants them; `local.iam` judges by the policies."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from local.iam.authority import Authority
from local.iam.statements import PolicyError
from local.resources.facts import Fact
from local.resources.site import ACCOUNT, Creator, Existing, Resource, Site
from local.template.intrinsics import Values


def role(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "RoleName")[:64]
    trust = json.dumps(resource.required("AssumeRolePolicyDocument"))
    made = site.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
    role_arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    _tell_of_role(role_arn, resource, site)
    return Values(name, {"Arn": role_arn, "RoleId": made["RoleId"]})


def update_role(resource: Resource, existing: Existing, site: Site) -> Values:
    """Its managed policies are there, and as they now are, before it."""
    _tell_of_role(existing.values.attributes["Arn"], resource, site)
    return existing.values


def _tell_of_role(role_arn: str, resource: Resource, site: Site) -> None:
    documents = [policy["PolicyDocument"] for policy in resource.properties.get("Policies", [])]
    attached = list(map(str, resource.properties.get("ManagedPolicyArns", [])))
    _tell(resource, site, "Policies", lambda authority: authority.add_role(role_arn, resource.logical_id, documents, attached))


_MANAGED = Fact(
    "arn:aws:iam::{account}:policy/{name}",
    "ManagedPolicyName",
    {"PolicyArn": "arn:aws:iam::{account}:policy/{name}"},
)


def managed_policy(resource: Resource, site: Site) -> Values:
    values, document = _MANAGED(resource, site), resource.required("PolicyDocument")
    _tell(resource, site, "PolicyDocument", lambda authority: authority.add_policy(str(values.reference), resource.logical_id, document))
    return values


def _of_resource(fact: Fact) -> Creator:
    def resource_policy(resource: Resource, site: Site) -> Values:
        document: Mapping[str, Any] = resource.required("PolicyDocument")
        _tell(resource, site, "PolicyDocument", lambda authority: authority.add_resource_policy(resource.logical_id, document))
        return fact(resource, site)

    return resource_policy


def _tell(resource: Resource, site: Site, property_name: str, tell: Callable[[Authority], None]) -> None:
    """Raises TemplateError for a policy that can't be judged by."""
    if site.authority is None:
        return
    try:
        tell(site.authority)
    except PolicyError as error:
        raise resource.error(property_name, str(error)) from error


POLICIES: Mapping[str, Creator] = {
    "AWS::IAM::ManagedPolicy": managed_policy,
    "AWS::S3::BucketPolicy": _of_resource(Fact("{Bucket}")),
    "AWS::SNS::TopicPolicy": _of_resource(Fact(attributes={"Id": "{name}"})),
    "AWS::SQS::QueuePolicy": _of_resource(Fact(attributes={"Id": "{name}"})),
}
