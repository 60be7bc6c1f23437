"""The whole platform in this process, built from template.yaml: what `regulars up`, the demonstration and the tests start.

The order matters: the double's process starts first, because its own imports take as long as ours and use another core; moto is
corrected before the first queue exists; the template is deployed before the HTTP API and the pumps come to life.
Everything heavy is imported while starting, so that importing this module costs nothing.
"""

import atexit
import gc
import json
import logging
import os
import secrets
import socket
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from local.resources.model import Deployed, Function
from local.resources.support import check_support
from local.resources.supported import SUPPORTED
from local.template.errors import TemplateError
from local.template.translate import load_template

if TYPE_CHECKING:
    from local.fcm.process import FcmDouble
    from local.runtime.runtime import Runtime

ROOT: Final = Path(__file__).resolve().parents[1]
STACK: Final = "regulars-local"
HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8400
SCOPES: Final = ("regulars/read", "regulars/write", "regulars/send", "regulars/privacy")

ROWS_PER_STATEMENT: Final = "60000"
"""Here memory is the limit: one INSERT holds its rows (docs/decisions/0005-curate.md)."""

_PORT_NAMES: Final = ("the HTTP API", "the AWS endpoint", "the FCM double")

# Nothing here may ever reach a real account: these replace whatever credentials the shell has.
_AWS_ENVIRONMENT: Final = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",  # else boto3 asks <account>.streams-ddb.., which moto does not know
    "AWS_EC2_METADATA_DISABLED": "true",
}
_AWS_ENVIRONMENT_TO_HIDE: Final = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_CONFIG_FILE", "AWS_ROLE_ARN")


class PlatformError(RuntimeError):
    """The platform cannot start; the text says what to do about it."""


class Platform:
    """A running platform. `info` is what `regulars up --json` prints: docs/cli.md.

    There is one at a time in a process, because moto's state is the process's; one after the other is fine.
    """

    _running: ClassVar["Platform | None"] = None
    _lock: ClassVar[threading.Lock] = threading.Lock()

    info: dict[str, str]
    deployed: Deployed
    runtime: "Runtime"
    double: "FcmDouble"

    @classmethod
    def start(cls, *, port: int = DEFAULT_PORT, write_key: str | None = None, template: Path = ROOT / "template.yaml") -> Self:
        """Start everything on 127.0.0.1: the HTTP API on `port`, moto on the next one, the FCM double on the one after.

        `write_key` is the collection key, made up if there is none. Raises PlatformError for a busy port, a template that cannot
        be honoured, a double that does not come up, or a platform that runs already; what had started by then is stopped again.
        """
        platform = cls()
        with cls._lock:
            if cls._running is not None:
                raise PlatformError("a platform is already running in this process: stop that one first")
            cls._running = platform
        try:
            with _garbage_collection_paused():
                platform._start(port, write_key or secrets.token_urlsafe(16), template)
        except (TemplateError, NotImplementedError) as error:
            platform.stop()
            raise PlatformError(str(error)) from error
        except BaseException:
            platform.stop()
            raise
        return platform

    def __init__(self) -> None:
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop everything and forget all state. A second call does nothing."""
        try:
            self._cleanup.close()
        finally:
            with Platform._lock:
                if Platform._running is self:
                    Platform._running = None

    def _start(self, port: int, write_key: str, template: Path) -> None:
        enter, later = self._cleanup.enter_context, self._cleanup.callback
        require_free_ports(port)
        # Servers cannot be stopped once the interpreter takes itself apart: who forgets `stop` would never end.
        atexit.register(self.stop)
        later(atexit.unregister, self.stop)
        enter(_aws_environment())
        starting_double = enter(_double(port + 2))
        cloudformation = load_template(template)
        check_support(cloudformation["Resources"], SUPPORTED)  # now, rather than after seconds of imports
        enter(_cloud(port + 1))
        from local.runtime.runtime import Runtime

        self.deployed = Deployed()
        self.runtime = Runtime(self.deployed)
        later(self.runtime.stop)
        self.double = _result(starting_double)
        self._deploy(cloudformation, template.parent, write_key, port)
        self.runtime.start(port)
        self.info = {
            "api": self.runtime.url,
            "aws": f"http://{HOST}:{port + 1}",
            "fcm": self.double.url,
            "ca": str(self.double.ca_path),
            "write_key": write_key,
            "token": self.runtime.token(SCOPES),
            "bucket": self.deployed.outputs["LakeBucketName"],
            "database": self.deployed.outputs["DatabaseName"],
        }

    def _deploy(self, cloudformation: Mapping[str, Any], checkout: Path, write_key: str, port: int) -> None:
        from local.resources.deploy import deploy

        parameters = {
            "Stage": "local",
            "WriteKeys": write_key,
            "FcmBaseUrl": self.double.url,
            "FcmCaBundle": str(self.double.ca_path),
            "SignInUrl": f"http://{HOST}:{port}",
            "RowsPerStatement": ROWS_PER_STATEMENT,
            "QueueSettleSeconds": "0",  # moto's counts are exact
        }
        deploy(cloudformation, checkout=checkout, stack=STACK, parameters=parameters, invoke=self._invoke, deployed=self.deployed)
        self._fill_fcm_secret()

    def _invoke(self, function: Function, event: Mapping[str, Any]) -> str | None:
        outcome = self.runtime.lambdas.invoke(function.arn, json.dumps(event).encode())
        return None if outcome.error is None else outcome.payload.decode()

    def _fill_fcm_secret(self) -> None:
        """What an operator does by hand after the first deployment."""
        import boto3

        client = boto3.client("secretsmanager", region_name=_AWS_ENVIRONMENT["AWS_REGION"])
        client.put_secret_value(SecretId=self.deployed.outputs["FcmSecretArn"], SecretString=json.dumps(self.double.service_account))


def require_free_ports(port: int) -> None:
    """Raises PlatformError that names the first of the three ports, from `port` on, which somebody listens on."""
    for number, name in enumerate(_PORT_NAMES, start=port):
        with socket.socket() as probe:
            # As the servers themselves do: a port whose last connections are still closing is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, number))
            except (OSError, OverflowError) as error:
                raise PlatformError(
                    f"port {number}, for {name}, is not free ({error}): stop what listens there, "
                    f"or choose another port: that one and the next two must be free"
                ) from error


@contextmanager
def _garbage_collection_paused() -> Iterator[None]:
    """Importing makes a million objects and hardly any garbage; looking for it would be a sixth of the time that a start takes."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _aws_environment() -> Iterator[None]:
    """Made-up credentials and a region for every AWS client of this process, until the platform stops."""
    names = (*_AWS_ENVIRONMENT, *_AWS_ENVIRONMENT_TO_HIDE)
    before = {name: os.environ.get(name) for name in names}
    for name in _AWS_ENVIRONMENT_TO_HIDE:
        os.environ.pop(name, None)
    os.environ.update(_AWS_ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _double(port: int) -> Iterator["Future[FcmDouble]"]:
    """The FCM double on its way: its process comes up while this one imports."""
    from local import fcm

    with ThreadPoolExecutor(1, thread_name_prefix="fcm-start") as pool:
        starting = pool.submit(fcm.start, port)
        try:
            yield starting
        finally:
            if starting.exception() is None:
                starting.result().stop()


def _result(starting: "Future[FcmDouble]") -> "FcmDouble":
    from local.fcm.process import FcmDoubleError

    try:
        return starting.result()
    except FcmDoubleError as error:
        raise PlatformError(str(error)) from error


@contextmanager
def _cloud(port: int) -> Iterator[None]:
    """moto with our corrections, and its server for whoever is outside of this process."""
    from local.lean_imports import import_pyarrow, import_step_functions

    import_step_functions()
    import_pyarrow()
    from moto import mock_aws
    from moto.server import ThreadedMotoServer

    from local import athena
    from local.runtime.runtime import install_corrections

    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # else a line for every request from outside
    mock = mock_aws(config={"lambda": {"use_docker": False}, "stepfunctions": {"execute_state_machine": True}})
    install_corrections()
    athena.install()
    mock.start(reset=False)
    mock.reset()  # also when a test has moto active around us, in which case starting and stopping would keep the state
    try:
        server = ThreadedMotoServer(HOST, port, verbose=False)
        server.start()
        try:
            yield
        finally:
            server.stop()
    finally:
        athena.stop()
        mock.stop()
