"""One Lambda execution environment: a thread with its own copy of the handler's module, its own variables and its own
log.

Error payloads, names and texts are those of AWS's Python runtime
(github.com/aws/aws-lambda-python-runtime-interface-client, bootstrap.py and lambda_runtime_marshaller.py).
"""

import importlib
import json
import math
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from local.iam import principals
from local.iam.principals import Principal
from local.resources.model import Function
from local.runtime import isolation

Handler = Callable[[Any, "Context"], Any]

# What a function sees of the process beside its own variables: credentials and region of the local cloud, and the
# machine.
INHERITED_PREFIXES = ("AWS_", "MOTO_", "LC_", "SSL_CERT_")
INHERITED = ("PATH", "HOME", "LANG", "TZ", "TMPDIR")

# Lambda allows 10 s; a shared laptop importing everything for the first time may need more.
INITIALISATION_SECONDS = 60.0

MAX_RESPONSE_BYTES = 6_291_556  # the number in Lambda's own error text

_loading = threading.RLock()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an invocation gave: JSON bytes, and "Unhandled" if they describe an error (the X-Amz-Function-Error
    header).
    """

    payload: bytes
    error: str | None = None


class Context:
    """Lambda's context object: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    function_version = "$LATEST"
    client_context = None
    identity = None
    log_stream_name = "local"

    def __init__(self, function: Function, request_id: str, deadline: float) -> None:
        self.function_name = function.name
        self.invoked_function_arn = function.arn
        self.memory_limit_in_mb = str(function.memory)
        self.log_group_name = f"/aws/lambda/{function.name}"
        self.aws_request_id = request_id
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.monotonic()) * 1000))


class RuntimeFaultError(Exception):
    """An error that Lambda's runtime reports itself. `kind` is the errorType, such as Runtime.ImportModuleError."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(slots=True)
class Job:
    """One invocation on its way: the event as plain JSON values, and where the outcome will be."""

    event: object
    request_id: str
    deadline: float = math.inf
    abandoned: bool = False
    answer: "SimpleQueue[Outcome]" = field(default_factory=SimpleQueue)


class Sandbox:
    """Loads the handler at once and then answers one job after the other, until it is closed.

    `finished(sandbox, job, outcome, log)` is called in the sandbox's thread before the invoker gets the outcome.
    """

    def __init__(self, function: Function, finished: Callable[["Sandbox", Job, Outcome, str], None]) -> None:
        self.function = function
        self._finished = finished
        self._scope = isolation.Scope.of(environment_of(function))
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._ready = threading.Event()
        self.broken = False
        self.thread = threading.Thread(target=self._run, name=f"lambda-{function.name}", daemon=True)
        self.thread.start()

    def start(self, job: Job) -> None:
        """Hand over a job. Its time starts when the handler has been loaded, as on Lambda."""
        self._jobs.put(job)

    def wait(self, job: Job, patience: float) -> Outcome | None:
        """The outcome, or None after `patience` seconds of the handler's time."""
        self._ready.wait(INITIALISATION_SECONDS)
        try:
            return job.answer.get(timeout=patience)
        except Empty:
            return None

    def close(self) -> None:
        """End the thread after the job it is at."""
        self._jobs.put(None)

    def _run(self) -> None:
        isolation.enter(self._scope)
        principals.enter(Principal(self.function.role, self.function.name) if self.function.role else None)
        try:
            handler: Handler = load_handler(self.function)
        except BaseException as error:
            self.broken = True
            failure = error

            def handler(event: Any, context: Context) -> Any:
                raise failure

        self._ready.set()
        while (job := self._jobs.get()) is not None:
            job.deadline = time.monotonic() + self.function.timeout
            outcome = self._handle(handler, job)
            try:
                self._finished(self, job, outcome, self._scope.take_printed())
            finally:  # whatever goes wrong with logs, the invoker is not left waiting
                job.answer.put(outcome)

    def _handle(self, handler: Handler, job: Job) -> Outcome:
        try:
            result = handler(job.event, Context(self.function, job.request_id, job.deadline))
            payload = result if isinstance(result, bytes) else marshal(result)
            if len(payload) > MAX_RESPONSE_BYTES:
                raise RuntimeFaultError(
                    "Function.ResponseSizeTooLarge",
                    f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes).",
                )
            return Outcome(payload)
        except BaseException as error:
            return Outcome(error_payload(error, job.request_id), "Unhandled")


def environment_of(function: Function) -> dict[str, str]:
    """All variables that the function sees: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"""
    process = isolation.process_environment()
    inherited = {name: value for name, value in process.items() if name in INHERITED or name.startswith(INHERITED_PREFIXES)}
    reserved = {
        "AWS_REGION": process.get("AWS_REGION") or process.get("AWS_DEFAULT_REGION", "us-east-1"),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": Context.function_version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": Context.log_stream_name,
        "_HANDLER": function.handler,
        "LAMBDA_TASK_ROOT": str(function.code),
    }
    return {**inherited, **function.environment, **reserved}


def load_handler(function: Function) -> Handler:
    """Import a fresh copy of the handler's module. Raises RuntimeFaultError for what Lambda's runtime would call a fault.

    Modules in the function's folder are private to this copy; modules of the layers are shared by all functions.
    """
    module_name, _, name = function.handler.replace("/", ".").rpartition(".")
    if not module_name:
        raise RuntimeFaultError("Runtime.MalformedHandlerName", f"Bad handler '{function.handler}'")
    _add_layers(function.layers)
    with _loading, _private_modules(function.code):
        try:
            module = importlib.import_module(module_name)
        except ImportError as error:
            raise RuntimeFaultError("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
        except SyntaxError as error:
            raise RuntimeFaultError("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}") from error
    handler: Handler | None = getattr(module, name, None)
    if handler is None:
        raise RuntimeFaultError("Runtime.HandlerNotFound", f"Handler '{name}' missing on module '{module_name}'")
    return handler


def _add_layers(layers: tuple[Path, ...]) -> None:
    # For good, not while importing: a layer's modules may import each other late.
    for layer in layers:
        if str(layer) not in sys.path:
            sys.path.append(str(layer))


@contextmanager
def _private_modules(folder: Path) -> Iterator[None]:
    """Import from `folder` first, and leave no trace of its modules in sys.modules: another function may use the same
    names.
    """
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}

    def drop() -> dict[str, Any]:
        return {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] in names}

    outside = drop()
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        drop()
        sys.modules.update(outside)


def marshal(result: object) -> bytes:
    """The handler's result as JSON. Raises RuntimeFaultError if it has none; Decimal is allowed, as on Lambda."""
    try:
        return json.dumps(result, default=_plain).encode()
    except (TypeError, ValueError) as error:
        raise RuntimeFaultError("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def error_payload(error: BaseException, request_id: str) -> bytes:
    """Lambda's JSON for a failed invocation; errorType is the bare class name, which state machines match in Retry
    and Catch.
    """
    fault = isinstance(error, RuntimeFaultError)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    return json.dumps(
        {
            "errorMessage": str(error),
            "errorType": error.kind if isinstance(error, RuntimeFaultError) else type(error).__name__,
            "requestId": request_id,
            "stackTrace": [] if fault else traceback.format_list(frames),
        }
    ).encode()
