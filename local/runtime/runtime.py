"""The running part of the local cloud, assembled: functions, front door, pumps and schedules of one deployment."""

import json
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime

import boto3

from local.iam import gate, services
from local.iam.authority import Authority
from local.iam.principals import Principal
from local.resources.model import Api, AsyncInvokeConfig, Deployed, Function, Schedule
from local.runtime import dynamodb, interception, isolation, lambda_api, logs, queue_ages, s3, s3_content, sqs, sqs_moves, stepfunctions
from local.runtime.alarms import Alarms
from local.runtime.arrivals import Arrivals
from local.runtime.faults_route import WithFaults
from local.runtime.http import Endpoint, FrontDoor, Gateway
from local.runtime.jwt import Authorizer, Issuer
from local.runtime.lambdas import Lambdas
from local.runtime.made_schedules import forget_schedule, made_schedules
from local.runtime.metrics import Metrics
from local.runtime.oauth import UserPool, WithUserPool
from local.runtime.queue_mappings import QueueMappings
from local.runtime.schedules import Scheduler, system_clock, target_input
from local.runtime.throttling import Throttles

TOKEN_SECONDS = 30 * 24 * 3600.0


def install_corrections() -> None:
    """Correct moto in this process, before any queue is made. Idempotent; raises WrongMotoVersionError."""
    gate.install()
    s3.install()
    s3_content.install()
    sqs.install()
    sqs_moves.install()
    queue_ages.install()
    dynamodb.install()
    s3.install()
    stepfunctions.install()
    lambda_api.install()
    interception.install()


class Runtime:
    """Runs what `deployed` describes. One at a time in a process, but one after the other.

    Functions can be invoked as soon as this exists (a custom resource does so while `deployed` is still growing);
    queues, schedules and the HTTP API come to life with `start`. `corrections` must have been installed before.
    `authority` judges every call of a role; without one nobody does.
    """

    def __init__(self, deployed: Deployed, clock: Callable[[], datetime] = system_clock, authority: Authority | None = None) -> None:
        self._deployed = deployed
        self._clock = clock
        self._issuer: Issuer | None = None
        self._front_door: FrontDoor | None = None
        self._scheduler: Scheduler | None = None
        self.arrivals = Arrivals()
        self._metrics = Metrics()
        self._alarms = Alarms(self._metrics)
        self.lambdas = Lambdas(
            deployed.function,
            asynchronous=self._asynchronous,
            on_async_failure=self._send_to_destination,
            on_printed=self._printed,
            on_ended=self._alarms.invoked,
        )
        self._mappings = QueueMappings(deployed.queue_mappings, self.lambdas)
        isolation.install()
        lambda_api.connect(self.lambdas, self._mappings)
        gate.connect(authority)

    def start(self, port: int, around: Callable[[Endpoint], Endpoint] = lambda api: api) -> None:
        """Open the HTTP API on 127.0.0.1:`port` (0: a free one), then the pumps and schedules. `around` may answer before the API does.

        Raises OSError for a busy port and NotImplementedError for what the template asks and this cannot do.
        """
        self._refuse_unsupported()
        try:
            if self._deployed.apis:
                self._front_door = FrontDoor(around(self._endpoint()), port)
            self._mappings.start()
            self._scheduler = Scheduler(self._all_schedules, self._fire, self._clock, seen=self._judge, over=forget_schedule)
            self._scheduler.start()
            self._alarms.start()
        except BaseException:
            self.stop()
            raise

    @property
    def url(self) -> str:
        """Where the HTTP API listens, such as http://127.0.0.1:8400."""
        if self._front_door is None:
            raise RuntimeError("the runtime has no HTTP API, or has not been started")
        return self._front_door.url

    def token(self, scopes: Iterable[str], lifetime: float = TOKEN_SECONDS) -> str:
        """An administrator's bearer token that the API's authorizer accepts for `lifetime` seconds."""
        if self._issuer is None:
            raise RuntimeError("the runtime has no HTTP API, or has not been started")
        authorizer = next(iter(self._api().authorizers.values()))
        return self._issuer.token(authorizer.issuer, authorizer.audience[0], scopes, lifetime)

    def stop(self, patience: float = 1.0) -> None:
        """Stop everything, each part waiting `patience` seconds at most for what it is at. Idempotent."""
        if self._front_door is not None:
            self._front_door.stop(patience)
        if self._scheduler is not None:
            self._scheduler.stop()
        self._alarms.stop()
        deadline = time.monotonic() + patience
        self._mappings.stop(patience)
        stepfunctions.stop_executions(max(0.0, deadline - time.monotonic()))
        self.lambdas.stop(patience)
        lambda_api.connect(None)
        gate.connect(None)
        isolation.uninstall()
        self._front_door, self._scheduler = None, None

    def _printed(self, function: Function, lines: list[str]) -> None:
        self.arrivals.hear(lines)
        self._metrics.hear(lines)
        logs.write(function, lines)

    def _api(self) -> Api:
        apis = list(self._deployed.apis.values())
        if len(apis) != 1:
            raise NotImplementedError(f"the local cloud serves one HTTP API, the template has {len(apis)}")
        return apis[0]

    def _endpoint(self) -> Endpoint:
        api = self._api()
        self._issuer = issuer = Issuer()
        authorizers: dict[str, Authorizer] = {}
        for name, authorizer in api.authorizers.items():
            if authorizer.identity_source != "$request.header.Authorization":
                raise NotImplementedError(f"authorizer {name}: identity source {authorizer.identity_source}")
            authorizers[name] = Authorizer(authorizer.issuer, authorizer.audience, issuer.keys)
        stage = next((each for each in self._deployed.stages.values() if each.api_id == api.api_id), None)
        gateway = Gateway(api, authorizers, self.lambdas, Throttles(stage))
        clients = self._deployed.oauth_clients.values()
        issuers = {authorizer.issuer for authorizer in api.authorizers.values()}
        api_and_pool = WithUserPool(UserPool(clients, issuer, issuers.pop()), gateway) if clients and issuers else gateway
        return WithFaults(api_and_pool)

    def _refuse_unsupported(self) -> None:
        for config in self._deployed.async_invokes:
            if config.on_failure_arn and ":sqs:" not in config.on_failure_arn:
                raise NotImplementedError(f"{config.function_arn}: only an SQS queue as failure destination")
        for schedule in self._deployed.schedules:
            if not any(service in schedule.target_arn for service in (":lambda:", ":states:")):
                raise NotImplementedError(f"schedule {schedule.name}: only a function or a state machine as target")

    def _asynchronous(self, function: Function) -> AsyncInvokeConfig:
        configs = {config.function_arn: config for config in self._deployed.async_invokes}
        return configs.get(function.arn, AsyncInvokeConfig(function.arn))

    @staticmethod
    def _send_to_destination(target_arn: str, record: dict[str, object]) -> None:
        sqs.send(target_arn, json.dumps(record))

    def _all_schedules(self) -> list[Schedule]:
        """The template's, and what functions have made since."""
        return [*self._deployed.schedules, *made_schedules(self._deployed.schedules)]

    @staticmethod
    def _judge(schedule: Schedule) -> None:
        """Whether the role of a schedule that a function made allows its calls: on AWS they would fail later, and in silence. Raises
        AccessDeniedError."""
        authority = gate.authority()
        if authority is not None and schedule.role:
            wanted = services.schedule_target(schedule.target_arn, schedule.dead_letter_arn)
            authority.require(Principal(schedule.role, schedule.name), *wanted)

    def _fire(self, schedule: Schedule, due: datetime) -> None:
        text = target_input(schedule, due)
        if ":states:" in schedule.target_arn:
            client = boto3.client("stepfunctions", region_name=schedule.target_arn.split(":")[3])
            client.start_execution(stateMachineArn=schedule.target_arn, name=str(uuid.uuid4()), input=text)
        else:
            self.lambdas.invoke_async(schedule.target_arn, text.encode())
