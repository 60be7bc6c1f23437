"""Resources that nothing here needs to run: they are made nowhere, and give the Ref and attributes that AWS would give."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.resources.site import ACCOUNT, REGION, Creator, Resource, Site
from local.template.intrinsics import Values


@dataclass(frozen=True, slots=True)
class Fact:
    """Patterns over {name}, {stack}, {region}, {account} and the resource's own properties; `name` is the property that names it."""

    reference: str = "{name}"
    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, resource: Resource, site: Site) -> Values:
        known = {
            **{key: str(value) for key, value in resource.properties.items()},
            "name": site.name(resource, self.name),
            "stack": site.stack,
            "region": REGION,
            "account": ACCOUNT,
        }
        return Values(self.reference.format_map(known), {key: text.format_map(known) for key, text in self.attributes.items()})


_POOL_ISSUER = "cognito-idp.{region}.amazonaws.com/{region}_{name}"

FACTS: Mapping[str, Creator] = {
    "AWS::Lambda::Permission": Fact(),
    "AWS::Cognito::UserPool": Fact(
        "{region}_{name}",
        "UserPoolName",
        {
            "Arn": "arn:aws:cognito-idp:{region}:{account}:userpool/{region}_{name}",
            "ProviderName": _POOL_ISSUER,
            "ProviderURL": f"https://{_POOL_ISSUER}",
            "UserPoolId": "{region}_{name}",
        },
    ),
    "AWS::Cognito::UserPoolDomain": Fact("{Domain}"),
    "AWS::Cognito::UserPoolGroup": Fact("{GroupName}"),
    "AWS::Cognito::UserPoolResourceServer": Fact("{Identifier}"),
}
