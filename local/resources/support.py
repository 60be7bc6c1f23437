"""Whether a template holds anything that the local cloud would have to pass over in silence. It refuses that at start."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.template.errors import TemplateError
from local.template.intrinsics import function_name

# What CloudFormation itself allows beside Properties.
_RESOURCE_KEYS = (
    "Type",
    "Properties",
    "Condition",
    "DependsOn",
    "Metadata",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "UpdatePolicy",
)


@dataclass(frozen=True, slots=True)
class Support:
    """What the local cloud does with one resource type.

    `honoured` are the properties that have their effect. `recorded` are those that are knowingly without one, each with the reason.
    A dotted name (`ScalingConfig.MaximumConcurrency`, `Targets[].Arn`) supports that part only; a plain one supports all of it.
    `every_property` is for custom resources, whose properties only their own function understands.
    """

    honoured: tuple[str, ...] = ()
    recorded: Mapping[str, str] = field(default_factory=dict)
    every_property: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.honoured, *self.recorded)


def check_support(resources: Mapping[str, Any], table: Mapping[str, Support]) -> None:
    """Raise one TemplateError that lists every type and property that is not supported, with what is."""
    problems = [problem for logical_id, resource in resources.items() for problem in _problems(logical_id, resource, table)]
    if problems:
        raise TemplateError("", "the local cloud cannot honour this template:\n" + "\n".join(f"  - {p}" for p in problems))


def table_key(kind: str) -> str:
    """The name under which tables know a resource type: all `Custom::` types share one."""
    return "AWS::CloudFormation::CustomResource" if kind.startswith("Custom::") else kind


def _problems(logical_id: str, resource: Mapping[str, Any], table: Mapping[str, Support]) -> Iterator[str]:
    kind = str(resource.get("Type"))
    where = f"Resources.{logical_id}"
    support = table.get(table_key(kind))
    if support is None:
        yield f"{where}: the type {kind} is not supported; supported: {', '.join(sorted(table))}"
        return
    for key in resource:
        if key not in _RESOURCE_KEYS:
            yield f"{where}.{key}: is not supported; supported: {', '.join(_RESOURCE_KEYS)}"
    if not support.every_property:
        for name in _unsupported(resource.get("Properties", {}), "", support.names):
            yield f"{where}.Properties.{name}: is not supported for {kind}; supported: {', '.join(sorted(support.names)) or 'none'}"


def _unsupported(value: Any, prefix: str, names: tuple[str, ...]) -> Iterator[str]:
    """The paths below `prefix` that no name covers. A function's result is not known yet; only Fn::If's branches are looked into."""
    if function_name(value) == "Fn::If":
        for branch in value["Fn::If"][1:]:
            yield from _unsupported(branch, prefix, names)
    elif function_name(value) is not None:
        return
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unsupported_entry(f"{prefix}.{key}" if prefix else str(key), item, names)
    elif isinstance(value, list):
        for item in value:
            yield from _unsupported(item, f"{prefix}[]", names)


def _unsupported_entry(path: str, item: Any, names: tuple[str, ...]) -> Iterator[str]:
    if path in names:
        return
    if any(name.startswith((f"{path}.", f"{path}[].")) for name in names):
        yield from _unsupported(item, path, names)
    else:
        yield path
