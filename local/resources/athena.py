"""The lake's catalogue and the work group that queries it."""

from typing import Any

from local.resources.site import Existing, Resource, Site, whole_numbers
from local.template.intrinsics import Values


def database(resource: Resource, site: Site) -> Values:
    """AWS::Glue::Database; Ref is the database's name."""
    description = _description(resource, site)
    site.client("glue").create_database(DatabaseInput=description)
    return Values(description["Name"])


def update_database(resource: Resource, existing: Existing, site: Site) -> Values:
    site.client("glue").update_database(Name=existing.values.reference, DatabaseInput=_description(resource, site))
    return existing.values


def _description(resource: Resource, site: Site) -> dict[str, Any]:
    return {"Name": site.name(resource, "Name").lower().replace("-", "_"), **resource.required("DatabaseInput")}


def work_group(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "Name")
    settings = whole_numbers(resource.properties.get("WorkGroupConfiguration", {}))
    site.client("athena").create_work_group(Name=name, Configuration=settings, **resource.some("Description"))
    return Values(name)


def update_work_group(resource: Resource, existing: Existing, site: Site) -> Values:
    """moto knows no update of a work group; its queries do not hang on it there."""
    site.client("athena").delete_work_group(WorkGroup=existing.values.reference)
    return work_group(resource, site)
