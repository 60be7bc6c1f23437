"""The ports of a platform: three neighbours on this machine alone."""

import socket
from collections.abc import Sequence
from typing import Final

from local.errors import PlatformError

HOST: Final = "127.0.0.1"

PORT_NAMES: Final = ("the HTTP API", "the AWS endpoint", "the FCM double")

PORT_STEP: Final = 10
"""Between the ports that are tried one after the other."""


def require_free_ports(port: int, names: Sequence[str] = PORT_NAMES) -> None:
    """Raises PlatformError that names the first of the ports, from `port` on, which somebody listens on."""
    for number, name in enumerate(names, start=port):
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


def first_free_port(port: int) -> int:
    """`port`, or the next one (of every tenth) that is free with its two neighbours. Raises PlatformError where there is none."""
    for candidate in range(port, 65534, PORT_STEP):
        try:
            require_free_ports(candidate)
        except PlatformError:
            continue
        return candidate
    raise PlatformError(f"no three neighbouring ports are free from {port} on")
