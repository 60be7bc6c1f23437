"""Lambda in this process: warm execution environments, deadlines, payload limits, concurrency, asynchronous retries."""

import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable

from local.resources.model import AsyncInvokeConfig, Function
from local.runtime import isolation
from local.runtime.sandbox import Job, Outcome, Sandbox

# https://docs.aws.amazon.com/lambda/latest/dg/API_Invoke.html
MAX_REQUEST_BYTES = 6_291_456
MAX_ASYNC_REQUEST_BYTES = 1_048_576

LOG_LINES = 500  # kept per function

# How a structured line begins that somebody should see at once (powertools' Logger; its first key is the level).
ERROR_LINES = ('{"level":"ERROR"', '{"level":"CRITICAL"')

# Lambda waits 1 and then 2 minutes before it retries an asynchronous invocation (lambda/latest/dg/invocation-
# async.html).
# Nobody watches a laptop for that long.
RETRY_SECONDS = (1.0, 2.0)


class UnknownFunctionError(LookupError):
    """ResourceNotFoundException: no function has this name or ARN."""


class PayloadTooLargeError(ValueError):
    """RequestTooLargeException: the event exceeds Lambda's limit."""


class ThrottledError(RuntimeError):
    """TooManyRequestsException: the function's reserved concurrency is in use."""


class Lambdas:
    """Invokes the functions that `find` knows (name or ARN -> Function, KeyError if unknown); it may learn more."""

    def __init__(
        self,
        find: Callable[[str], Function],
        *,
        asynchronous: Callable[[Function], AsyncInvokeConfig] = lambda function: AsyncInvokeConfig(function.arn),
        on_async_failure: Callable[[str, dict[str, object]], None] = lambda target_arn, record: None,
        on_printed: Callable[[Function, list[str]], None] = lambda function, lines: None,
        on_ended: Callable[[Function, bool], None] = lambda function, failed: None,
        retry_seconds: tuple[float, ...] = RETRY_SECONDS,
    ) -> None:
        self._find = find
        self._asynchronous = asynchronous
        self._on_async_failure = on_async_failure
        self._on_printed = on_printed
        self._on_ended = on_ended
        self._retry_seconds = retry_seconds
        self._pools: dict[str, _Pool] = {}
        self._background: set[threading.Thread] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def invoke(self, function: str, payload: bytes) -> Outcome:
        """Invoke with JSON bytes and wait; a handler's error is an Outcome.

        Raises UnknownFunctionError, PayloadTooLargeError, ThrottledError, and ValueError for what is not JSON.
        """
        pool = self._pool(function)
        if len(payload) > MAX_REQUEST_BYTES:
            raise PayloadTooLargeError(f"Request must be smaller than {MAX_REQUEST_BYTES} bytes for the InvokeFunction operation")
        outcome = self._wait(pool, pool.start(json.loads(payload or b"{}")), None)
        assert outcome is not None
        return outcome

    def call(self, function: str, event: object, patience: float | None = None) -> Outcome | None:
        """As `invoke` with plain JSON values that nobody else holds: it spares writing and parsing them.

        The caller answers for the event's size. After `patience` seconds the answer is None and the function runs on.
        """
        pool = self._pool(function)
        return self._wait(pool, pool.start(event), patience)

    def invoke_async(self, function: str, payload: bytes) -> None:
        """Accept an event and invoke in the background, with the function's own retries and failure destination."""
        pool = self._pool(function)
        if len(payload) > MAX_ASYNC_REQUEST_BYTES:
            raise PayloadTooLargeError(f"Request must be smaller than {MAX_ASYNC_REQUEST_BYTES} bytes for the InvokeAsync operation")
        event = json.loads(payload or b"{}")
        thread = threading.Thread(target=self._attempts, args=(pool, event), name=f"async-{pool.function.name}", daemon=True)
        with self._lock:
            if self._stopping.is_set():
                return
            self._background.add(thread)
        thread.start()

    def logs(self, function: str) -> list[str]:
        """The last lines that the function printed or logged."""
        return list(self._pool(function).log)

    def stop(self, patience: float = 1.0) -> None:
        """Start nothing more, and wait for what runs, `patience` seconds in all."""
        self._stopping.set()
        deadline = time.monotonic() + patience
        with self._lock:
            threads = list(self._background)
            for pool in self._pools.values():
                threads += pool.close()
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _pool(self, name: str) -> "_Pool":
        try:
            function = self._find(name)
        except KeyError as error:
            raise UnknownFunctionError(f"Function not found: {name}") from error
        with self._lock:
            pool = self._pools.get(function.arn)
            if pool is None:
                pool = self._pools[function.arn] = _Pool(function, self._on_printed, self._on_ended)
            return pool

    @staticmethod
    def _wait(pool: "_Pool", running: "tuple[Sandbox, Job]", patience: float | None) -> Outcome | None:
        sandbox, job = running
        limit = pool.function.timeout
        outcome = sandbox.wait(job, limit if patience is None else min(patience, limit))
        if outcome is None and (patience is None or patience >= limit):
            outcome = pool.give_up(job)
        return outcome

    def _attempts(self, pool: "_Pool", event: object) -> None:
        config = self._asynchronous(pool.function)
        attempts = 0
        try:
            while not self._stopping.is_set():
                try:
                    outcome = self._wait(pool, pool.start(event), None)
                except ThrottledError:
                    self._stopping.wait(self._retry_seconds[0])
                    continue
                attempts += 1
                if outcome is None or outcome.error is None:
                    return
                if attempts > config.maximum_retries:
                    self._report_failure(config, event, outcome, attempts)
                    return
                self._stopping.wait(self._retry_seconds[min(attempts, len(self._retry_seconds)) - 1])
        finally:
            with self._lock:
                self._background.discard(threading.current_thread())

    def _report_failure(self, config: AsyncInvokeConfig, event: object, outcome: Outcome, attempts: int) -> None:
        """The record for a failure destination: lambda/latest/dg/invocation-async-retain-records.html"""
        if config.on_failure_arn is None:
            return
        record: dict[str, object] = {
            "version": "1.0",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
            "requestContext": {
                "requestId": str(uuid.uuid4()),
                "functionArn": f"{config.function_arn}:$LATEST",
                "condition": "RetriesExhausted",
                "approximateInvokeCount": attempts,
            },
            "requestPayload": event,
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": outcome.error},
            "responsePayload": json.loads(outcome.payload),
        }
        self._on_async_failure(config.on_failure_arn, record)


class _Pool:
    """The execution environments of one function: as many as run at once, kept warm, the last used first."""

    def __init__(self, function: Function, on_printed: Callable[[Function, list[str]], None], on_ended: Callable[[Function, bool], None]) -> None:
        self.function = function
        self._on_printed = on_printed
        self._on_ended = on_ended
        self.log: deque[str] = deque(maxlen=LOG_LINES)
        self._idle: list[Sandbox] = []
        self._running: dict[int, Sandbox] = {}
        self._lock = threading.Lock()
        self._closed = False

    def start(self, event: object) -> tuple[Sandbox, Job]:
        isolation.install()
        job = Job(event, str(uuid.uuid4()))
        with self._lock:
            limit = self.function.reserved_concurrency
            if self._closed or (limit is not None and len(self._running) >= limit):
                raise ThrottledError("Rate Exceeded.")
            sandbox = self._idle.pop() if self._idle else Sandbox(self.function, self._finished)
            self._running[id(job)] = sandbox
        sandbox.start(job)
        return sandbox, job

    def give_up(self, job: Job) -> Outcome:
        """The handler is out of time. A thread cannot be killed: it runs on by itself, and nobody uses it again."""
        with self._lock:
            job.abandoned = True
            self._running.pop(id(job), None)
        text = f"RequestId: {job.request_id} Error: Task timed out after {self.function.timeout:.2f} seconds"
        self._keep([text])
        self._on_ended(self.function, True)
        self._tell([text])
        return Outcome(json.dumps({"errorType": "Sandbox.Timedout", "errorMessage": text}).encode(), "Unhandled")

    def close(self) -> list[threading.Thread]:
        """End idle environments now and busy ones when they are done; their threads."""
        with self._lock:
            self._closed = True
            sandboxes = self._idle + list(self._running.values())
            for sandbox in self._idle:
                sandbox.close()
            self._idle.clear()
        return [sandbox.thread for sandbox in sandboxes]

    def _finished(self, sandbox: Sandbox, job: Job, outcome: Outcome, printed: str) -> None:
        lines = printed.splitlines()
        self._keep(lines)
        with self._lock:
            self._running.pop(id(job), None)
            # Lambda, too, starts afresh after a timeout and when the handler could not be loaded.
            if job.abandoned or time.monotonic() > job.deadline or sandbox.broken or self._closed:
                sandbox.close()
            else:
                self._idle.append(sandbox)
        if job.abandoned:
            return
        self._on_ended(self.function, outcome.error is not None)
        if outcome.error is not None:
            self._on_printed(self.function, [f"[ERROR] {outcome.payload.decode()}"])
            self._tell([*lines, outcome.payload.decode()])
        elif errors := [line for line in lines if line.startswith(ERROR_LINES)]:
            self._tell(errors)  # answered all the same, as an HTTP API answers 500

    def _keep(self, lines: list[str]) -> None:
        self.log.extend(lines)
        self._on_printed(self.function, lines)

    def _tell(self, lines: list[str]) -> None:
        text = "".join(f"[{self.function.name}] {line}\n" for line in lines)
        isolation.process_stderr().write(text)
