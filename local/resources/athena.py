"""The lake's catalogue and the work group that queries it."""

from local.resources.site import Resource, Site, whole_numbers
from local.template.intrinsics import Values


def database(resource: Resource, site: Site) -> Values:
    """AWS::Glue::Database; Ref is the database's name."""
    description = {"Name": site.name(resource, "Name").lower().replace("-", "_"), **resource.required("DatabaseInput")}
    site.client("glue").create_database(DatabaseInput=description)
    return Values(description["Name"])


def work_group(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "Name")
    settings = whole_numbers(resource.properties.get("WorkGroupConfiguration", {}))
    site.client("athena").create_work_group(Name=name, Configuration=settings, **resource.some("Description"))
    return Values(name)
