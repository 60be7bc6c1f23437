"""Which resource needs which, and therefore the order in which they are created."""

import graphlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from local.template.errors import TemplateError
from local.template.intrinsics import function_name, placeholders


def mentioned(value: Any) -> Iterator[str]:
    """Every name that Ref, Fn::GetAtt or Fn::Sub mentions anywhere inside a value (parameters and pseudo parameters too)."""
    name = function_name(value)
    if name == "Ref":
        yield str(value["Ref"])
    elif name == "Fn::GetAtt":
        target = value[name]
        yield str(target if isinstance(target, str) else target[0]).split(".", 1)[0]
    elif name == "Fn::Sub":
        argument = value[name]
        text, variables = (argument, {}) if isinstance(argument, str) else (argument[0], argument[1])
        yield from (place.split(".", 1)[0] for place in placeholders(text) if place not in variables)
        yield from mentioned(variables)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from mentioned(item)
    elif isinstance(value, list):
        for item in value:
            yield from mentioned(item)


def dependencies(resource: Mapping[str, Any]) -> set[str]:
    """The names that one resource's properties and DependsOn mention."""
    depends_on = resource.get("DependsOn", [])
    explicit = [depends_on] if isinstance(depends_on, str) else depends_on
    return {*explicit, *mentioned(resource.get("Properties", {}))}


def creation_order(resources: Mapping[str, Any], active: Collection[str]) -> list[str]:
    """The active logical ids so that each comes after all that it depends on; TemplateError names the members of a circle."""
    needs = {name: sorted(dependencies(resources[name]) & set(active) - {name}) for name in active}
    try:
        return list(graphlib.TopologicalSorter(needs).static_order())
    except graphlib.CycleError as error:
        raise TemplateError("Resources", f"they depend on each other in a circle: {' -> '.join(error.args[1])}") from error
