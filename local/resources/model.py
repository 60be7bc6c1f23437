"""What a deployed template is to the rest of the local cloud: plain facts, no moto and no CloudFormation in them.

`local.resources.stack` fills these in; `local.runtime` invokes the functions, serves the routes and drives the pumps from them.
Names that end in `_arn` hold whole ARNs; `logical_id` is the name in template.yaml.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Function:
    """AWS::Lambda::Function. `code` and `layers` are folders of the checkout, run where they lie.

    `timeout` is in seconds and `memory` in MB. `environment` is what the template sets, with values below /opt/ already
    turned into the folder of the layer that holds them (`/opt/migrations` -> `<checkout>/infra/migrations`).
    """

    logical_id: str
    name: str
    arn: str
    handler: str
    code: Path
    layers: tuple[Path, ...] = ()
    timeout: int = 3
    memory: int = 128
    environment: Mapping[str, str] = field(default_factory=dict)
    reserved_concurrency: int | None = None
    log_group: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class AsyncInvokeConfig:
    """AWS::Lambda::EventInvokeConfig: what happens to an asynchronous invocation that fails.

    `maximum_retries` is 0 to 2; `on_failure_arn` is a destination or None.
    """

    function_arn: str
    maximum_retries: int = 2
    on_failure_arn: str | None = None
    logical_id: str = ""


@dataclass(frozen=True, slots=True)
class QueueMapping:
    """AWS::Lambda::EventSourceMapping of an SQS queue. `window` is the batching window in seconds; `enabled` is how the template wants it, which
    whoever knows its `uuid` may change."""

    logical_id: str
    queue_arn: str
    function_arn: str
    batch_size: int = 10
    window: int = 0
    report_failures: bool = False
    maximum_concurrency: int | None = None
    enabled: bool = True
    uuid: str = ""


@dataclass(frozen=True, slots=True)
class JwtAuthorizer:
    """A JWT authorizer of an HTTP API. `issuer` is the cloud's URL: locally another issuer stands in for it."""

    name: str
    issuer: str
    audience: tuple[str, ...]
    identity_source: str = "$request.header.Authorization"


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """AWS::Cognito::UserPoolClient. `secret` is None for a public client; lifetimes are in seconds.

    `rotation_grace` is how long a refresh token outlives its use, or None where it is not replaced at all.
    """

    client_id: str
    secret: str | None
    flows: tuple[str, ...]
    scopes: tuple[str, ...]
    callback_urls: tuple[str, ...]
    logout_urls: tuple[str, ...]
    access_seconds: int
    refresh_seconds: int
    rotation_grace: int | None


@dataclass(frozen=True, slots=True)
class Route:
    """One route. `method` is upper case, "ANY" for all; `path` is "/admin/{proxy+}" or "$default" (then method is "ANY").

    `authorizer` names an entry of `Api.authorizers`; the token needs at least one of `scopes`, if there are any.
    """

    method: str
    path: str
    function_arn: str
    timeout_millis: int = 30000
    authorizer: str | None = None
    scopes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """API Gateway's route key: "POST /v1/track" or "$default"."""
        return self.path if self.path == "$default" else f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Api:
    """AWS::ApiGatewayV2::Api of type HTTP, read from its OpenAPI body."""

    logical_id: str
    api_id: str
    routes: tuple[Route, ...]
    authorizers: Mapping[str, JwtAuthorizer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Throttle:
    """`rate` requests a second in the long run, `burst` at once: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html"""

    rate: float
    burst: int


@dataclass(frozen=True, slots=True)
class ApiStage:
    """AWS::ApiGatewayV2::Stage: what each route may take (None: all), and by route key those that may take something else."""

    logical_id: str
    api_id: str
    throttle: Throttle | None = None
    route_throttles: Mapping[str, Throttle] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Schedule:
    """AWS::Scheduler::Schedule, or an AWS::Events::Rule with a ScheduleExpression.

    `expression` is rate(..), cron(..) or at(..) in `timezone`; `input` is JSON text for the target, or None for AWS's own event.
    """

    logical_id: str
    name: str
    expression: str
    target_arn: str
    timezone: str = "UTC"
    input: str | None = None
    enabled: bool = True
    maximum_retries: int = 185
    dead_letter_arn: str | None = None
    group: str = "default"
    role: str = ""
    starts: datetime | None = None
    """A rate is counted from here, and nothing comes before."""
    ends: datetime | None = None
    deleted_when_over: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """AWS::Events::Rule with an EventPattern: `pattern` is the parsed JSON; each target has an ARN and maybe a constant input."""

    logical_id: str
    name: str
    arn: str
    bus: str
    pattern: Mapping[str, Any]
    targets: tuple[tuple[str, str | None], ...]
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class StateMachine:
    """AWS::StepFunctions::StateMachine; `definition` is the ASL text after its substitutions."""

    logical_id: str
    name: str
    arn: str
    definition: str


@dataclass(frozen=True, slots=True)
class Table:
    """AWS::DynamoDB::Table. `ttl_attribute` names the attribute (epoch seconds) after which an item expires, or None."""

    logical_id: str
    name: str
    arn: str
    stream_arn: str | None = None
    ttl_attribute: str | None = None


@dataclass(slots=True)
class Deployed:
    """The whole deployment. Mappings are by logical id; `references` and `attributes` hold what Ref and Fn::GetAtt gave.

    It grows while a template is being deployed (a custom resource is invoked half way through); after that only another deploy writes to it.
    """

    functions: dict[str, Function] = field(default_factory=dict)
    async_invokes: list[AsyncInvokeConfig] = field(default_factory=list)
    apis: dict[str, Api] = field(default_factory=dict)
    stages: dict[str, ApiStage] = field(default_factory=dict)
    oauth_clients: dict[str, OAuthClient] = field(default_factory=dict)
    queue_mappings: list[QueueMapping] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    machines: dict[str, StateMachine] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def forget(self, logical_id: str) -> None:
        """Take a resource out: what is deleted, or about to be described anew."""
        for by_id in (self.functions, self.apis, self.stages, self.oauth_clients, self.machines, self.tables, self.references, self.attributes):
            by_id.pop(logical_id, None)
        self.async_invokes[:] = [each for each in self.async_invokes if each.logical_id != logical_id]
        self.queue_mappings[:] = [each for each in self.queue_mappings if each.logical_id != logical_id]
        self.schedules[:] = [each for each in self.schedules if each.logical_id != logical_id]
        self.rules[:] = [each for each in self.rules if each.logical_id != logical_id]

    def function(self, arn_or_name: str) -> Function:
        """Find a function by ARN (a version or alias behind it is ignored), name or logical id; KeyError says what there is."""
        wanted = arn_or_name.split(":function:")[-1].split(":")[0]
        for function in self.functions.values():
            if wanted in (function.name, function.logical_id):
                return function
        raise KeyError(f"no function {arn_or_name}: there are {', '.join(sorted(f.name for f in self.functions.values()))}")
