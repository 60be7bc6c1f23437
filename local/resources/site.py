"""What a resource's module needs to make it: the evaluated resource, and the place where it is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol

from local.iam.authority import Authority
from local.iam.principals import Principal
from local.iam.requests import Request
from local.resources.model import Deployed, Function
from local.template.errors import TemplateError
from local.template.intrinsics import Values

ACCOUNT: Final = "123456789012"
REGION: Final = "us-east-1"


class Invoke(Protocol):
    """Runs one of the deployed functions now: gives None, or the error that it ended with."""

    def __call__(self, function: Function, event: Mapping[str, Any]) -> str | None: ...


@dataclass(frozen=True)
class Resource:
    """One resource of the template with every intrinsic function evaluated."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]

    def error(self, property_name: str, message: str) -> TemplateError:
        place = f".Properties.{property_name}" if property_name else ""
        return TemplateError(f"Resources.{self.logical_id}{place}", message)

    def required(self, property_name: str) -> Any:
        if property_name not in self.properties:
            raise self.error(property_name, f"{self.type} needs it")
        return self.properties[property_name]

    def integer(self, property_name: str, default: int) -> int:
        """A whole number; CloudFormation takes it as text too, which is how parameters arrive."""
        value = self.properties.get(property_name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            raise self.error(property_name, f"{value!r} is not a whole number") from None

    def some(self, *names: str) -> dict[str, Any]:
        """Those of the named properties that are set."""
        return {name: self.properties[name] for name in names if name in self.properties}


@dataclass(frozen=True)
class Existing:
    """A resource that was made, and what CloudFormation does with it when the stack wants it no more.

    `deletion_policy` and `replacement_policy` are Delete, Retain or (the former) RetainExceptOnCreate.
    """

    resource: Resource
    values: Values
    deletion_policy: str = "Delete"
    replacement_policy: str = "Delete"


@dataclass
class Site:
    """Where a template is deployed to. `checkout` is the folder of the template: its local paths start there.

    `stack_id` is what CloudFormation makes up for each stack, also for one of a name that there was before.
    """

    checkout: Path
    stack: str
    invoke: Invoke
    stack_id: str = "local"
    deployed: Deployed = field(default_factory=Deployed)
    layers: dict[str, Path] = field(default_factory=dict)
    authority: Authority | None = None

    @cached_property
    def _session(self) -> Any:
        import boto3

        return boto3.session.Session(region_name=REGION)

    @cached_property
    def _clients(self) -> dict[str, Any]:
        return {}

    def client(self, service: str) -> Any:
        """The boto3 client of a service, made once. moto must be active."""
        if service not in self._clients:
            self._clients[service] = self._session.client(service)
        return self._clients[service]

    def name(self, resource: Resource, name_property: str) -> str:
        """The name that the template gives, or one like CloudFormation's own (without its random end, to be easily read)."""
        return str(resource.properties.get(name_property) or f"{self.stack}-{resource.logical_id}")

    def require(self, role: str, session: str, *requests: Request) -> None:
        """What a service will do with a role, asked while the resource is made; without an authority nobody asks.

        Raises AccessDeniedError, and TemplateError where there is no role.
        """
        if self.authority is None:
            return
        if not role:
            raise TemplateError(session, f"it has no role, and needs one for {', '.join(request.action for request in requests)}")
        self.authority.require(Principal(role, session), *requests)

    def folder(self, resource: Resource, property_name: str, path: str) -> Path:
        found = self.checkout / path
        if not found.is_dir():
            raise resource.error(property_name, f"the folder {path} does not exist")
        return found


Creator = Callable[[Resource, Site], Values]


def arn(service: str, name: str) -> str:
    """An ARN of this account and region; `name` is all that comes after the account."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


def whole_numbers(value: Any) -> Any:
    """Texts of digits as numbers, at any depth: what CloudFormation does by a property's type before it calls the service."""
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    if isinstance(value, Mapping):
        return {key: whole_numbers(item) for key, item in value.items()}
    return [whole_numbers(item) for item in value] if isinstance(value, list) else value
