"""moto in this process: with our corrections, its server for whoever is outside, and an environment in which no request leaves this machine."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

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


@contextmanager
def aws_environment() -> Iterator[None]:
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
def cloud(host: str, port: int) -> Iterator[None]:
    """moto, empty, for as long as this lasts; its server listens on `host`:`port`. What it needs is imported here: that takes seconds."""
    from local.lean_imports import import_pyarrow, import_step_functions

    import_step_functions()
    import_pyarrow()
    from moto import mock_aws
    from moto.server import ThreadedMotoServer

    from local import athena, on_disk
    from local.runtime.runtime import install_corrections

    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # else a line for every request from outside
    mock = mock_aws(config={"lambda": {"use_docker": False}, "stepfunctions": {"execute_state_machine": True}})
    install_corrections()
    athena.install()
    mock.start(reset=False)
    mock.reset()  # also when a test has moto active around us, in which case starting and stopping would keep the state
    try:
        server = ThreadedMotoServer(host, port, verbose=False)
        server.start()
        try:
            yield
        finally:
            server.stop()
    finally:
        athena.stop()
        mock.stop()
        on_disk.clear()
