"""template.yaml deployed into moto, and its functions run one at a time under a meter, with the memory that the template gives them."""

import contextvars
import json
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.amounts import Amounts
from bench.metered import Meter, Usage
from bench.traffic import WRITE_KEY
from local.cloud import aws_environment, cloud
from local.fcm.process import FcmDouble
from local.first_source import ensure_source
from local.ports import HOST
from local.resources.model import Deployed, Function
from local.runtime import isolation, lambda_api
from local.runtime.lambdas import Lambdas
from local.runtime.sandbox import Context, Handler, Outcome, environment_of, load_handler, marshal
from local.template.translate import load_template

ROOT: Final = Path(__file__).parents[1]
CALL_SECONDS: Final = 0.010
"""Assumed: what a call of SQS, S3 or DynamoDB from Lambda takes. They are documented to answer in single-digit to low tens of milliseconds."""
QUERY_SECONDS: Final = 4.0
"""Assumed: what a function waits for one statement of Athena."""
WHOLE_CPU_MB: Final = 1769
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html; less memory has its share of a CPU."""
LOG_LINE_BYTES: Final = 26
"""What CloudWatch Logs adds to each line: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html"""
RAMPED: Final = "180000"
"""PushesPerSecond whose ramp begins where that of a stack ends: a campaign that is counted is too short to climb, and would lease smaller blocks."""

PLATFORM_LINES: Final = (
    "START RequestId: 00000000-0000-0000-0000-000000000000 Version: $LATEST",
    "END RequestId: 00000000-0000-0000-0000-000000000000",
    "REPORT RequestId: 00000000-0000-0000-0000-000000000000\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 98 MB",
)
"""What Lambda prints for each invocation, unless the function's logs are JSON and its system log level is WARN."""


@dataclass(frozen=True)
class Statement:
    """One statement that Athena ran: its verb and table, what was scanned, and of that the bytes and the requests by place (`raw`, `lake/events`)."""

    kind: str
    scanned: int
    read: Mapping[str, float]
    asked: Mapping[str, float]


class MeteredCloud:
    """`deployed` is what the template became, `resources` are the translated template's."""

    def __init__(self, meter: Meter, template: Mapping[str, Any], double: FcmDouble | None) -> None:
        self.meter = meter
        self.resources: Mapping[str, Any] = template["Resources"]
        self.deployed = Deployed()
        self.metrics: set[tuple[str, str]] = set()
        self._warm: dict[str, tuple[isolation.Scope, Handler]] = {}
        self._one_at_a_time = threading.Lock()
        self._double = double
        lambda_api.connect(_Invoked(self))
        self._deploy(template, double)

    def invoke(self, name: str, event: Mapping[str, Any]) -> tuple[Any, Usage]:
        """What the function answers, and what that used. Raises what the handler raises."""
        function = self.deployed.function(name)
        with self._one_at_a_time:
            scope, handler = self._environment(function)
            with self.meter.counting() as usage:
                run = contextvars.copy_context().run
                answer, seconds = run(_timed, scope, handler, function, event, usage)
                memory = function.memory
                concurrent = max(1, len(usage.threads))
                billed = seconds * max(1.0, WHOLE_CPU_MB / memory) + (usage.calls / concurrent) * CALL_SECONDS + len(usage.queries) * QUERY_SECONDS
                usage.amounts["lambda_request"] += 1
                usage.amounts["lambda_compute"] += round(billed, 3) * memory / 1024
                usage.amounts["log_ingestion"] += self._log_bytes(function, scope.take_printed())
        return answer, usage

    def statements(self, usage: Usage) -> list[Statement]:
        """What Athena did for it; DDL is free and left out."""
        import boto3

        athena, unread, found = boto3.client("athena"), dict(usage.reads), []
        for query_id in usage.queries:
            execution = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
            scanned = execution["Statistics"].get("DataScannedInBytes", 0)
            objects = next((each for each in unread if each.bytes_read == scanned), None)
            read = unread.pop(objects) if objects is not None else Amounts()
            if execution.get("StatementType") != "DDL":
                found.append(Statement(_kind(execution["Query"]), scanned, read, usage.asked.get(objects, Amounts())))
        return found

    def wait_for(self, execution: str) -> None:
        """Until the execution of a state machine is over. Raises RuntimeError if it did not succeed."""
        import boto3

        states = boto3.client("stepfunctions")
        while (found := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
            time.sleep(0.05)
        if found["status"] != "SUCCEEDED":
            history = states.get_execution_history(executionArn=execution)["events"]
            failures = [each for each in history if "Failed" in each["type"]]
            raise RuntimeError(f"{execution} {found['status']}: {failures}")

    def wait_for_machine(self, logical_id: str) -> None:
        """Until its one execution is over."""
        import boto3

        machine = self.deployed.references[logical_id]
        (execution,) = boto3.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
        self.wait_for(execution["executionArn"])

    def fill_secret(self) -> None:
        """What an operator does by hand after the first deployment: the double's own service account."""
        import boto3

        assert self._double is not None
        account = json.dumps(self._double.service_account)
        boto3.client("secretsmanager").put_secret_value(SecretId=self.deployed.references["FcmSecret"], SecretString=account)

    @contextmanager
    def in_environment(self, name: str) -> Iterator[None]:
        """As if inside the function: for use cases that are called without their handler."""
        scope = isolation.Scope.of(environment_of(self.deployed.function(name)))
        token = isolation._scope.set(scope)
        try:
            yield
        finally:
            isolation._scope.reset(token)

    def _environment(self, function: Function) -> tuple[isolation.Scope, Handler]:
        if function.name not in self._warm:
            scope = isolation.Scope.of(environment_of(function))
            self._warm[function.name] = scope, contextvars.copy_context().run(_loaded, scope, function)
        return self._warm[function.name]

    def _log_bytes(self, function: Function, printed: str) -> int:
        lines = printed.splitlines()
        for line in lines:
            if line.startswith('{"_aws"'):
                embedded = json.loads(line)
                for metric in embedded["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
                    self.metrics.add((embedded["service"], metric["Name"]))
        logging = self.resources[function.logical_id]["Properties"].get("LoggingConfig", {})
        if (logging.get("LogFormat"), logging.get("SystemLogLevel")) != ("JSON", "WARN"):
            lines += PLATFORM_LINES
        return sum(len(line.encode()) + LOG_LINE_BYTES for line in lines)

    def _deploy(self, template: Mapping[str, Any], double: FcmDouble | None) -> None:
        from local.resources.stack import Stack

        parameters = {"Stage": "cost", "QueueSettleSeconds": "0"}
        if double:
            parameters |= {"FcmBaseUrl": double.url, "FcmCaBundle": str(double.ca_path), "PushesPerSecond": RAMPED}

        def create(function: Function, event: Mapping[str, Any]) -> str | None:
            self.invoke(function.name, event)
            return None

        Stack("regulars-cost", checkout=ROOT, invoke=create, deployed=self.deployed).deploy(template, parameters)
        ensure_source(self.deployed.references["SourcesTable"], wanted=WRITE_KEY)


def amounts_of(cloud: MeteredCloud, usage: Usage) -> Amounts:
    """In the names of `cost_counts`."""
    found = Amounts(usage.amounts)
    found["raw_get"] += usage.raw_gets
    found["s3_get"] -= usage.raw_gets
    for statement in cloud.statements(usage):
        found[f"queries.{statement.kind}"] += 1
        found[f"scanned.{statement.kind}"] += statement.scanned
    for place, size in usage.written.items():
        found[f"written.{place}"] += size
    return found


class _Invoked(Lambdas):
    """What the rest of the local cloud invokes: metered, one at a time; `usage` is added to by the caller's own counting."""

    def __init__(self, metered: MeteredCloud) -> None:
        super().__init__(metered.deployed.function)
        self._metered = metered

    def invoke(self, function: str, payload: bytes) -> Outcome:
        answer, usage = self._metered.invoke(function, json.loads(payload))
        self._metered.meter.absorb(usage)
        return Outcome(marshal(answer))


def _loaded(scope: isolation.Scope, function: Function) -> Handler:
    isolation.enter(scope)
    return load_handler(function)


def _timed(scope: isolation.Scope, handler: Handler, function: Function, event: Any, usage: Usage) -> tuple[Any, float]:
    """The answer, and the CPU seconds that were the function's own: the cloud's part of this process is left out."""
    isolation.enter(scope)
    context = Context(function, "00000000-0000-0000-0000-000000000000", time.monotonic() + function.timeout)
    here, everywhere = time.thread_time(), time.process_time()
    answer = handler(event, context)
    here, everywhere = time.thread_time() - here, time.process_time() - everywhere
    # Athena's own threads work in this process too; whoever waits for it does nothing beside.
    return answer, max(0.0, (here if usage.queries else everywhere) - usage.served)


def _kind(sql: str) -> str:
    """`INSERT events`, `MERGE people`, `SELECT`."""
    found = re.match(r"\s*(INSERT INTO|MERGE INTO|DELETE FROM|UPDATE|OPTIMIZE|VACUUM)\s+\"?(\w+)", sql)
    return f"{found[1].split()[0]} {found[2]}" if found else sql.split(None, 1)[0]


@contextmanager
def metered_cloud(double: FcmDouble | None = None) -> Iterator[MeteredCloud]:
    """A new deployment, alone in this process."""
    with socket.create_server((HOST, 0)) as probe:
        port = probe.getsockname()[1]
    with aws_environment(), cloud(HOST, port):
        meter = Meter()
        with meter.installed():
            _forget_clients()
            isolation.install()
            try:
                yield MeteredCloud(meter, load_template(ROOT / "template.yaml"), double)
            finally:
                lambda_api.connect(None)
                isolation.uninstall()
                _forget_clients()


def _forget_clients() -> None:
    """Clients that exist already do not tell the meter."""
    import boto3

    from regulars.adapters import aws

    boto3.DEFAULT_SESSION = None
    aws._clients.clear()
