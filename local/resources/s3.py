"""S3 buckets."""

from local.resources.site import REGION, Resource, Site
from local.template.intrinsics import Values


def bucket(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "BucketName").lower()
    client = site.client("s3")
    client.create_bucket(Bucket=name)
    if "VersioningConfiguration" in resource.properties:
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration=resource.properties["VersioningConfiguration"])
    attributes = {
        "Arn": f"arn:aws:s3:::{name}",
        "DomainName": f"{name}.s3.amazonaws.com",
        "RegionalDomainName": f"{name}.s3.{REGION}.amazonaws.com",
    }
    return Values(name, attributes)
