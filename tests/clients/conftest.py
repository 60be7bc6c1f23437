"""One flush for all clients: they run beside each other, each a source of its own, through a proxy of its own."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import pytest

from tests.clients.browser import chromium
from tests.clients.chaos import Chaos, Proxy
from tests.clients.matrix import CLIENTS, DRIVERS, Client, Page, Program, browser_command
from tests.e2e.conftest import Installation

EVENTS: Final = 180
"""Of each client: enough that even one which sends six at a time meets each fault twice."""

_AT_ONCE: Final = 4
_PATIENCE_SECONDS: Final = 60


@dataclass(frozen=True)
class Driven:
    """What came of a client: how it `ended` (empty where well), what its proxy did, and its rows in the lake as (message id, type, source)."""

    ended: str
    proxy: Proxy
    rows: Sequence[tuple[str, str, str]]


@pytest.fixture(scope="session")
def driven(request: pytest.FixtureRequest, installation: Installation) -> Mapping[str, Driven]:
    """All clients that a test asks for and this machine has, by name."""
    clients = [client for client in CLIENTS if client.name in _asked(request.session.items) and not client.missing]
    for client in clients:
        _make_source(installation, client)
    begun = datetime.now(UTC)
    with Chaos(installation.port) as chaos:
        proxies = {client.name: chaos.proxy(client.name, client.faults) for client in clients}
        ends = _drive(clients, proxies)
    installation.cli("flush")
    rows = installation.sql(f"SELECT message_id, type, source FROM events WHERE received_ts >= TIMESTAMP '{begun:%Y-%m-%d %H:%M:%S.%f}'")
    assert {identity for identity, *_ in rows} <= {identity for proxy in proxies.values() for identity in proxy.arrivals}
    return {name: Driven(ends[name], proxy, [row for row in rows if row[0] in proxy.arrivals]) for name, proxy in proxies.items()}


def _make_source(installation: Installation, client: Client) -> None:
    """By the API: the command line, which does the same, takes half a second to start."""
    token = {"Authorization": f"Bearer {installation.info['token']}"}
    assert installation.post("/admin/sources", {"name": client.source, "write_key": client.name}, key=None, headers=token)[0] == 200


def _asked(items: Sequence[pytest.Item]) -> set[str]:
    functions = [item for item in items if isinstance(item, pytest.Function) and "driven" in item.fixturenames]
    return {function.callspec.id for function in functions}


def _drive(clients: Sequence[Client], proxies: Mapping[str, Proxy]) -> dict[str, str]:
    programs = [client for client in clients if isinstance(client, Program)]
    pages = [client for client in clients if isinstance(client, Page)]
    with ThreadPoolExecutor(_AT_ONCE) as pool, ExitStack() as stack:
        ends = pool.map(lambda program: _run(program, proxies[program.name]), programs)
        command = browser_command()
        if pages and command:
            browser = stack.enter_context(chromium(command))
            for page in pages:
                host = f"127.0.0.1:{proxies[page.name].port}"
                browser.open(f"drivers/{page.driver}", page.name, host=host, key=page.name, name=page.name, events=EVENTS, mode=page.mode)
        _wait_for([proxies[page.name] for page in pages])
        return dict(zip((client.name for client in programs), ends, strict=True)) | {page.name: "" for page in pages}


def _run(program: Program, proxy: Proxy) -> str:
    command = [
        program.runtime,
        str(DRIVERS / program.driver),
        f"http://127.0.0.1:{proxy.port}",
        program.name,
        program.name,
        str(EVENTS),
        program.encoding,
    ]
    done = subprocess.run(command, env=program.environment, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False)
    return done.stderr[-4000:] if done.returncode else ""


def _wait_for(proxies: Sequence[Proxy]) -> None:
    """Until all events of the pages have arrived, or for as long as a browser can be believed to try: what is missing then, a test says."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while any(len(proxy.arrivals) < EVENTS for proxy in proxies) and time.monotonic() < deadline:
        time.sleep(0.05)
