"""Real clients are the test (docs/decisions/0023-real-clients-are-the-test.md).

Published libraries, unmodified, send six kinds of calls through a network that loses answers, cuts connections, repeats requests and answers 429
and 503 (chaos.py); then every event is in the lake exactly once. `matrix.py` lists the clients, `drivers/` has a short program or page for each.

`make test` installs what they need: the JavaScript libraries by package-lock.json where there is npm, and the older version of Segment's library
for Python. What a machine lacks is skipped with a message that says how to get it. These tests alone: `make test ARGS="-m clients"`; all but
these: `make test ARGS="-m 'not clients'"`.
"""

from collections import Counter
from collections.abc import Mapping

import pytest

from tests.clients.conftest import EVENTS, Driven
from tests.clients.matrix import CLIENTS, Client

pytestmark = pytest.mark.clients

each_client = pytest.mark.parametrize(
    "client", [pytest.param(client, id=client.name, marks=pytest.mark.skipif(bool(client.missing), reason=client.missing)) for client in CLIENTS]
)


@each_client
def test_each_event_of_an_unmodified_client_is_stored_exactly_once(client: Client, driven: Mapping[str, Driven]) -> None:
    run = driven[client.name]
    assert run.ended == ""
    assert Counter(identity for identity, *_ in run.rows) == dict.fromkeys(run.proxy.arrivals, 1)
    assert Counter(kind for _, kind, _ in run.rows) == Counter(client.kinds[number % len(client.kinds)] for number in range(EVENTS))


@each_client
def test_every_row_of_a_client_knows_its_source(client: Client, driven: Mapping[str, Driven]) -> None:
    assert {source for *_, source in driven[client.name].rows} == {client.source}


@each_client
def test_its_network_was_bad(client: Client, driven: Mapping[str, Driven]) -> None:
    proxy = driven[client.name].proxy
    assert set(proxy.faults) == set(client.faults)
    assert proxy.arrivals.total() > EVENTS, "nothing arrived twice: the platform had nothing to recognise"
