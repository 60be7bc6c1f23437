"""IAM roles. moto's Lambda wants a function's role to exist; what it may do is checked by nobody here (tests/infra does)."""

import json

from local.resources.site import ACCOUNT, Resource, Site
from local.template.intrinsics import Values


def role(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "RoleName")[:64]
    trust = json.dumps(resource.required("AssumeRolePolicyDocument"))
    made = site.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
    return Values(name, {"Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}", "RoleId": made["RoleId"]})
