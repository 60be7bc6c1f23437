"""The whole platform in this process, built from template.yaml: what `regulars up`, the demonstration and the tests start.

The order matters: the double's process starts first, because its own imports take as long as ours and use another core; moto is
corrected before the first queue exists; the template is deployed before the HTTP API and the pumps come to life.
Everything heavy is imported while starting, so that importing this module costs nothing.
"""

import atexit
import gc
import json
import math
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, cast

from local.cloud import aws_environment, cloud
from local.errors import PlatformError
from local.iam.authority import Authority
from local.kept.folder import KeptFolder, KeptFolderError
from local.ports import HOST, PORT_NAMES, require_free_ports
from local.resources.model import Deployed, Function
from local.resources.site import REGION
from local.resources.support import check_support
from local.resources.supported import SUPPORTED
from local.template.errors import TemplateError
from local.template.translate import load_template

if TYPE_CHECKING:
    from local.fcm import FcmAddress
    from local.kept.state import KeptState
    from local.runtime.arrivals import Arrived
    from local.runtime.http import Endpoint
    from local.runtime.runtime import Runtime

ROOT: Final = Path(__file__).resolve().parents[1]
STACK: Final = "regulars-local"
DEFAULT_PORT: Final = 8400
SCOPES: Final = ("regulars/read", "regulars/write", "regulars/send", "regulars/query", "regulars/privacy")

ROWS_PER_STATEMENT: Final = "60000"
"""Here memory is the limit: one INSERT holds its rows (docs/decisions/0005-curate.md)."""

STOP_SECONDS: Final = 1.0
KEEPING_STOP_SECONDS: Final = 30.0
"""How long what is under way may take to end: a minute's work is worth waiting for where it is kept."""


class Platform:
    """A running platform. `info` is what `regulars up --json` prints: docs/cli.md.

    There is one at a time in a process, because moto's state is the process's; one after the other is fine.
    """

    _running: ClassVar["Platform | None"] = None
    _lock: ClassVar[threading.Lock] = threading.Lock()

    info: dict[str, str]
    deployed: Deployed
    runtime: "Runtime"
    fcm: "FcmAddress"

    @classmethod
    def start(
        cls,
        *,
        port: int = DEFAULT_PORT,
        write_key: str | None = None,
        keep: Path | None = None,
        template: Path = ROOT / "template.yaml",
        latency: str = "",
        queue_lag: float = 0.0,
        fcm: "FcmAddress | None" = None,
        authority: Authority | None = None,
    ) -> Self:
        """Start everything on 127.0.0.1: the HTTP API on `port`, moto on the next one, the FCM double on the one after.

        `write_key` is the key of the source `local`: else the kept one, or one made up. `keep` is a folder whose content is brought back now, and
        replaced once a minute and by `stop`. `latency` says how many milliseconds each call of a service takes longer, as in `dynamodb=5,s3=20`;
        `queue_lag` how many seconds SQS's counts are behind (local/runtime/faults.py). `fcm` is where pushes go: else to a double of its own.
        `authority` judges by the template's policies: else a new one.

        Raises PlatformError for a busy port, a folder that cannot be used, a
        template that cannot be honoured, a double that does not come up, or a platform that runs already; what had started by then is stopped again.
        """
        platform = cls(authority)
        with cls._lock:
            if cls._running is not None:
                raise PlatformError("a platform is already running in this process: stop that one first")
            cls._running = platform
        try:
            with _garbage_collection_paused():
                platform._faults(latency, queue_lag)
                platform._start(port, write_key, keep, template, fcm)
        except (TemplateError, NotImplementedError, KeptFolderError) as error:
            platform.stop()
            raise PlatformError(str(error)) from error
        except BaseException:
            platform.stop()
            raise
        return platform

    def __init__(self, authority: Authority | None = None) -> None:
        self.authority = authority or Authority()
        self._cleanup = ExitStack()
        self._kept: KeptState | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop everything, and forget all state that no folder keeps. A second call does nothing. Raises PlatformError for what cannot be kept."""
        try:
            self._cleanup.close()
        except KeptFolderError as error:
            raise PlatformError(f"nothing of the last minute was kept: {error}") from error
        finally:
            with Platform._lock:
                if Platform._running is self:
                    Platform._running = None

    def arrived(self) -> "Arrived":
        """How many events came since the start, and the last of them."""
        return self.runtime.arrivals.so_far(self.info["bucket"])

    def _faults(self, latency: str, queue_lag: float) -> None:
        from local.runtime import faults

        try:
            faults.inject(faults.Faults(faults.parsed_latency(latency), queue_lag=queue_lag))
        except faults.InvalidFaultError as error:
            raise PlatformError(str(error)) from error
        self._cleanup.callback(faults.inject, faults.Faults())
        self._queue_settle_seconds = math.ceil(queue_lag)

    def _start(self, port: int, write_key: str | None, keep: Path | None, template: Path, fcm: "FcmAddress | None") -> None:
        enter, later = self._cleanup.enter_context, self._cleanup.callback
        require_free_ports(port, PORT_NAMES if fcm is None else PORT_NAMES[:-1])
        # Servers cannot be stopped once the interpreter takes itself apart: who forgets `stop` would never end.
        atexit.register(self.stop)
        later(atexit.unregister, self.stop)
        later(gc.unfreeze)
        folder = None if keep is None else enter(closing(KeptFolder.open(keep)))
        enter(aws_environment())
        coming_fcm = enter(_double(port + 2) if fcm is None else nullcontext(_known(fcm)))
        cloudformation = load_template(template)
        check_support(cloudformation["Resources"], SUPPORTED)  # now, rather than after seconds of imports
        enter(cloud(HOST, port + 1))
        from local.runtime.runtime import Runtime

        self.deployed = Deployed()
        if folder is not None:
            self._bring_back(folder, cloudformation["Resources"])
        self.runtime = Runtime(self.deployed, authority=self.authority)
        later(self.runtime.stop, STOP_SECONDS if folder is None else KEEPING_STOP_SECONDS)
        self.fcm = _result(coming_fcm)
        self._deploy(cloudformation, template.parent, port)
        write_key = self._write_key(write_key)
        self.runtime.start(port, around=self._with_the_year(write_key))
        if self._kept is not None:
            self._kept.begin_saving(self.deployed)
        self.info = {
            "api": self.runtime.url,
            "console": f"{self.runtime.url}/console",
            "aws": f"http://{HOST}:{port + 1}",
            "fcm": self.fcm.url,
            "ca": str(self.fcm.ca_path),
            "write_key": write_key,
            "token": self.runtime.token(SCOPES),
            "bucket": self.deployed.outputs["LakeBucketName"],
            "database": self.deployed.outputs["DatabaseName"],
        }

    def _with_the_year(self, write_key: str) -> "Callable[[Endpoint], Endpoint]":
        """What the console's first screen offers to an empty installation."""
        from local.demo.stage import Stage
        from local.demo.year import RetailersYear
        from local.demo.year_route import WithYear

        year = RetailersYear(lambda: Stage(self.info["api"], self.info["token"], write_key))
        return lambda api: WithYear(year, api)

    def _bring_back(self, folder: KeptFolder, resources: Mapping[str, Any]) -> None:
        """From here on each resource gets its content as soon as it is there; when the functions have ended, all is saved for the last time."""
        from local.kept.state import KeptState

        self._kept = KeptState(folder, resources)
        self._cleanup.callback(self._kept.save_at_last)

    def _write_key(self, wanted: str | None) -> str:
        from local.first_source import ensure_source
        from regulars.domain.errors import RefusedError

        kept = None if self._kept is None else self._kept.setting("write_key")
        try:
            write_key = ensure_source(self.deployed.references["SourcesTable"], wanted=wanted, kept=kept)
        except RefusedError as error:
            raise PlatformError(f"{error}: name another --write-key") from error
        if self._kept is not None:
            self._kept.keep("write_key", write_key)
        return write_key

    def _created(self, logical_id: str) -> None:
        if self._kept is not None:
            self._kept.restore(logical_id, self.deployed.references[logical_id])

    def _deploy(self, cloudformation: Mapping[str, Any], checkout: Path, port: int) -> None:
        from local.resources.stack import Stack

        parameters = {
            "Stage": "local",
            "FcmBaseUrl": self.fcm.url,
            "FcmCaBundle": str(self.fcm.ca_path),
            "PrivateHosts": f"{HOST},localhost",
            "SignInUrl": f"http://{HOST}:{port}",
            "ConsoleUrl": f"http://{HOST}:{port}/console",
            "RowsPerStatement": ROWS_PER_STATEMENT,
            "LoadWindowSeconds": "1",  # an object costs nothing here
            "QueueSettleSeconds": str(self._queue_settle_seconds),  # without a lag the local counts are exact
            "RequestsPerSecond": "10000",  # what an account has in all, so that a laptop's load shows what the functions take
            "RequestsAtOnce": "5000",
            "PushesPerSecond": "100000",  # the double has no quota unless somebody sets it one
        }
        Stack(STACK, checkout=checkout, invoke=self._invoke, deployed=self.deployed, authority=self.authority).deploy(
            cloudformation, parameters, self._created
        )
        self._fill_fcm_secret()

    def _invoke(self, function: Function, event: Mapping[str, Any]) -> str | None:
        outcome = self.runtime.lambdas.invoke(function.arn, json.dumps(event).encode())
        return None if outcome.error is None else outcome.payload.decode()

    def _fill_fcm_secret(self) -> None:
        """What an operator does by hand after the first deployment."""
        import boto3

        client = boto3.client("secretsmanager", region_name=REGION)
        client.put_secret_value(SecretId=self.deployed.outputs["FcmSecretArn"], SecretString=json.dumps(self.fcm.service_account))


@contextmanager
def _garbage_collection_paused() -> Iterator[None]:
    """Importing makes a million objects and hardly any garbage; looking for it would be a sixth of the time that a start takes. Those that are there
    after it stay, so no later look goes through them either; `stop` takes that back."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _double(port: int) -> Iterator["Future[FcmAddress]"]:
    """The FCM double on its way: its process comes up while this one imports."""
    from local import fcm

    with ThreadPoolExecutor(1, thread_name_prefix="fcm-start") as pool:
        starting = pool.submit(fcm.start, port)
        try:
            yield cast("Future[FcmAddress]", starting)
        finally:
            if starting.exception() is None:
                starting.result().stop()


def _known(fcm: "FcmAddress") -> "Future[FcmAddress]":
    known: Future[FcmAddress] = Future()
    known.set_result(fcm)
    return known


def _result(starting: "Future[FcmAddress]") -> "FcmAddress":
    from local.fcm.process import FcmDoubleError

    try:
        return starting.result()
    except FcmDoubleError as error:
        raise PlatformError(str(error)) from error
