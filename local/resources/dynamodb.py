"""DynamoDB tables, with their streams and time to live."""

from typing import Any

from local.resources.model import Table
from local.resources.site import Resource, Site, whole_numbers
from local.template.intrinsics import Values, as_text


def table(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "TableName")
    request: dict[str, Any] = {
        "TableName": name,
        **resource.some("AttributeDefinitions", "KeySchema", "BillingMode", "LocalSecondaryIndexes"),
        **whole_numbers(resource.some("GlobalSecondaryIndexes", "ProvisionedThroughput")),
    }
    if "StreamSpecification" in resource.properties:
        request["StreamSpecification"] = {"StreamEnabled": True, **resource.properties["StreamSpecification"]}
    client = site.client("dynamodb")
    made = client.create_table(**request)["TableDescription"]
    lifetime = resource.properties.get("TimeToLiveSpecification", {})
    expires_by = lifetime.get("AttributeName") if as_text(lifetime.get("Enabled")) == "true" else None
    if expires_by:
        client.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": expires_by})
    stream = made.get("LatestStreamArn")
    site.deployed.tables[resource.logical_id] = Table(resource.logical_id, name, made["TableArn"], stream, expires_by)
    return Values(name, {"Arn": made["TableArn"]} | ({"StreamArn": stream} if stream else {}))
