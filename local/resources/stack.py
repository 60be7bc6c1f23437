"""One stack of CloudFormation's in the active moto: deployed, deployed again, deleted.

What it does as CloudFormation: changes in place or makes another beside the old, by `changes`; deletes what the template has no more after all else
is done; keeps what DeletionPolicy and UpdateReplacePolicy keep; takes a first deploy that fails back. What it does not: take an update back.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from local.iam.authority import Authority
from local.iam.requests import AccessDeniedError, UnknownCallError
from local.resources.changes import CHANGES, Change
from local.resources.creators import CREATORS
from local.resources.model import Deployed
from local.resources.site import ACCOUNT, REGION, Existing, Invoke, Resource, Site, arn
from local.resources.support import check_support, table_key
from local.resources.supported import SUPPORTED
from local.template.errors import TemplateError
from local.template.graph import creation_order
from local.template.intrinsics import Evaluator, Values
from local.template.parameters import resolve_parameters

ON_CREATE: Final = "RetainExceptOnCreate"

Created = Callable[[str], None]


class Stack:
    """`deployed` is what there is, and grows while a deploy goes on, so that `invoke`, which runs the functions of custom resources, knows the
    functions made so far. `stack_id` is the end of AWS::StackId: another stack of the same name has another. `authority` gets the template's
    policies, and judges what services will do with its roles.
    """

    def __init__(
        self,
        name: str,
        *,
        checkout: Path,
        invoke: Invoke,
        deployed: Deployed | None = None,
        stack_id: str = "local",
        authority: Authority | None = None,
    ) -> None:
        self._site = Site(checkout, name, invoke, stack_id, Deployed() if deployed is None else deployed, authority=authority)
        self._existing: dict[str, Existing] = {}  # in the order of creation
        self._left_over: list[Existing] = []

    @property
    def deployed(self) -> Deployed:
        return self._site.deployed

    def deploy(self, template: Mapping[str, Any], parameters: Mapping[str, str], created: Created = lambda logical_id: None) -> Deployed:
        """Makes there be what the template says. `created` is told each logical id that is there.

        Raises TemplateError: before anything is done for what is not supported; later for what a service refuses (then a first deploy leaves
        nothing but what its policies keep) or for a change that cannot be brought about here (then the stack stays half changed: delete it).
        """
        resources = template["Resources"]
        check_support(resources, SUPPORTED)
        first = not self._existing
        try:
            return self._bring_about(template, parameters, created)
        except TemplateError:
            if first:
                self._delete_all(on_create=True)
            raise

    def delete(self) -> None:
        """Deletes all but what DeletionPolicy keeps, in the opposite order.

        Raises TemplateError for what cannot be deleted, as a bucket with objects; what comes before it is left.
        """
        self._delete_all(on_create=False)

    def _bring_about(self, template: Mapping[str, Any], parameters: Mapping[str, str], created: Created) -> Deployed:
        resources = template["Resources"]
        values: dict[str, Values] = {}
        evaluator = Evaluator(
            parameters={**self._pseudo_parameters(), **resolve_parameters(template.get("Parameters", {}), parameters)},
            mappings=template.get("Mappings", {}),
            conditions=template.get("Conditions", {}),
            resources=values,
        )
        for logical_id in creation_order(resources, _active(resources, evaluator)):
            values[logical_id] = self._make(logical_id, resources[logical_id], evaluator)
            created(logical_id)
        self._clean_up(keep=values)
        self.deployed.outputs.clear()
        self.deployed.outputs.update(_outputs(template.get("Outputs", {}), evaluator))
        return self.deployed

    def _pseudo_parameters(self) -> dict[str, Any]:
        return {
            "AWS::AccountId": ACCOUNT,
            "AWS::NotificationARNs": [],
            "AWS::Partition": "aws",
            "AWS::Region": REGION,
            "AWS::StackId": arn("cloudformation", f"stack/{self._site.stack}/{self._site.stack_id}"),
            "AWS::StackName": self._site.stack,
            "AWS::URLSuffix": "amazonaws.com",
        }

    def _make(self, logical_id: str, declared: Mapping[str, Any], evaluator: Evaluator) -> Values:
        properties = evaluator.evaluate(declared.get("Properties", {}), f"Resources.{logical_id}.Properties")
        resource = Resource(logical_id, declared["Type"], properties)
        with _refusals_told(resource):
            values = self._made(resource)
        policies = (declared.get("DeletionPolicy", "Delete"), declared.get("UpdateReplacePolicy", "Delete"))
        self._existing[logical_id] = Existing(resource, values, *policies)
        self.deployed.references[logical_id] = values.reference
        self.deployed.attributes[logical_id] = dict(values.attributes)
        return values

    def _made(self, resource: Resource) -> Values:
        """Created, changed, replaced, or left alone."""
        existing = self._existing.get(resource.logical_id)
        if existing is None:
            return CREATORS[table_key(resource.type)](resource, self._site)
        if existing.resource == resource:
            return existing.values
        change = CHANGES[table_key(resource.type)]
        if resource.type != existing.resource.type or _replaces(change, existing.resource, resource):
            self.deployed.forget(resource.logical_id)
            self._left_over.append(existing)
            return CREATORS[table_key(resource.type)](resource, self._site)
        if not _needs_update(change, existing.resource, resource) or change.update is None:
            return existing.values
        self.deployed.forget(resource.logical_id)
        return change.update(resource, existing, self._site)

    def _clean_up(self, keep: Mapping[str, Values]) -> None:
        """After all else: what was replaced, then what the template has no more."""
        while self._left_over:
            old = self._left_over.pop()
            self._delete(old, old.replacement_policy)
        for logical_id in [name for name in reversed(self._existing) if name not in keep]:
            self._take_out(logical_id, on_create=False)

    def _delete_all(self, *, on_create: bool) -> None:
        for logical_id in list(reversed(self._existing)):
            self._take_out(logical_id, on_create=on_create)
        self.deployed.outputs.clear()

    def _take_out(self, logical_id: str, *, on_create: bool) -> None:
        existing = self._existing[logical_id]
        policy = existing.deletion_policy
        self._delete(existing, "Delete" if policy == ON_CREATE and on_create else policy)
        del self._existing[logical_id]
        self.deployed.forget(logical_id)

    def _delete(self, existing: Existing, policy: str) -> None:
        if policy == "Delete":
            with _refusals_told(existing.resource):
                CHANGES[table_key(existing.resource.type)].delete(existing, self._site)


def _replaces(change: Change, old: Resource, new: Resource) -> bool:
    return any(_at(old.properties, name) != _at(new.properties, name) for name in change.replaces)


def _needs_update(change: Change, old: Resource, new: Resource) -> bool:
    """Whether more than what is only recorded has changed. Raises TemplateError for what neither `changes` nor `recorded` names."""
    changed = {name for name in {*old.properties, *new.properties} if old.properties.get(name) != new.properties.get(name)}
    if change.every_property:
        return bool(changed)
    recorded = {name for name in SUPPORTED[table_key(new.type)].recorded if "." not in name}
    unknown = sorted(changed - recorded - set(change.in_place))
    if unknown:
        raise new.error(unknown[0], f"the local cloud cannot change it on a {new.type} that is there: delete the stack and deploy again")
    return not changed <= recorded


def _at(properties: Mapping[str, Any], path: str) -> Any:
    value: Any = properties
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _active(resources: Mapping[str, Any], evaluator: Evaluator) -> list[str]:
    """The resources whose Condition holds."""
    return [
        logical_id
        for logical_id, declared in resources.items()
        if "Condition" not in declared or evaluator.condition(declared["Condition"], f"Resources.{logical_id}.Condition")
    ]


@contextmanager
def _refusals_told(resource: Resource) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (AccessDeniedError, UnknownCallError) as error:
        raise TemplateError(f"Resources.{resource.logical_id}", str(error)) from error
    except (BotoCoreError, ClientError) as error:
        raise TemplateError(f"Resources.{resource.logical_id}", f"{resource.type} was refused: {error}") from error


def _outputs(declared: Mapping[str, Any], evaluator: Evaluator) -> dict[str, str]:
    return {
        name: str(evaluator.evaluate(output["Value"], f"Outputs.{name}.Value"))
        for name, output in declared.items()
        if "Condition" not in output or evaluator.condition(output["Condition"], f"Outputs.{name}.Condition")
    }
