"""S3 buckets."""

from typing import Any

from local.resources.site import REGION, Existing, Resource, Site
from local.template.intrinsics import Values


def bucket(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "BucketName").lower()
    client = site.client("s3")
    client.create_bucket(Bucket=name)
    if "VersioningConfiguration" in resource.properties:
        _set_versioning(client, name, resource)
    attributes = {
        "Arn": f"arn:aws:s3:::{name}",
        "DomainName": f"{name}.s3.amazonaws.com",
        "RegionalDomainName": f"{name}.s3.{REGION}.amazonaws.com",
    }
    return Values(name, attributes)


def update_bucket(resource: Resource, existing: Existing, site: Site) -> Values:
    _set_versioning(site.client("s3"), existing.values.reference, resource)
    return existing.values


def _set_versioning(client: Any, name: str, resource: Resource) -> None:
    """Versioning that was on can be suspended, and never taken back."""
    wanted = resource.properties.get("VersioningConfiguration", {"Status": "Suspended"})
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration=wanted)
