"""The double's two HTTPs and its faults of connections, by clients that have nothing in common with ours."""

import asyncio
import socket
import ssl
import time
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from local.fcm import FcmDouble, server
from tests.local.fcm.client import TOKEN, Client


@pytest.fixture
def client(double: FcmDouble) -> Client:
    return Client(double).authorize()


def raw(double: FcmDouble, *pieces: bytes) -> bytes:
    """What comes back until the double closes, after pieces that are sent one by one."""
    port = int(double.url.rpartition(":")[2])
    trust = ssl.create_default_context(cafile=str(double.ca_path))
    with trust.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=5), server_hostname="127.0.0.1") as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.01)
        came = b""
        while data := connection.recv(65_536):
            came += data
        return came


def test_a_long_answer_comes_whole_over_http2(double: FcmDouble, client: Client) -> None:
    for _ in range(60):
        client.send({"token": TOKEN, "data": {"k": "x" * 3000}})
    page = client.http.get("/__admin/messages?since=0")
    assert page.http_version == "HTTP/2"
    assert len(page.content) > 180_000
    assert page.json()["next"] == 60


def test_http1_takes_requests_in_pieces_and_several_on_a_connection(double: FcmDouble) -> None:
    one = b"GET /__admin/counts HTTP/1.1\r\nhost: double\r\n"
    came = raw(double, one[:9], one[9:] + b"\r\n" + one + b"connection: close\r\n\r\n")
    assert came.count(b"HTTP/1.1 200 OK") == 2
    assert came.count(b"connection: close") == 1


def test_http1_asks_for_a_body_that_waits_to_be_asked_for(double: FcmDouble) -> None:
    head = b"POST /__admin/reset HTTP/1.1\r\ncontent-length: 2\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n"
    came = raw(double, head, b"{}")
    assert came.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


def test_a_body_without_its_length_is_refused(double: FcmDouble) -> None:
    assert b"411" in raw(double, b"POST /token HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n").partition(b"\r\n")[0]


def test_what_is_not_http2_ends_the_connection(double: FcmDouble) -> None:
    port = int(double.url.rpartition(":")[2])
    trust = ssl.create_default_context(cafile=str(double.ca_path))
    trust.set_alpn_protocols(["h2"])
    with trust.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=5), server_hostname="127.0.0.1") as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: double\r\n\r\n")
        while connection.recv(65_536):
            pass


def test_a_refused_stream_was_not_looked_at_and_a_reset_one_was(double: FcmDouble, client: Client) -> None:
    double.set_faults(streams={"refused": 1})
    with pytest.raises(httpx.RemoteProtocolError, match="7"):
        client.send()
    assert double.messages() == []
    double.set_faults(streams={"reset": 1, "code": "CANCEL"})
    with pytest.raises(httpx.RemoteProtocolError, match="8"):
        client.send()
    assert double.counts()["accepted"] == 1


def test_over_http1_streams_are_not_reset(double: FcmDouble) -> None:
    double.set_faults(streams={"refused": 1})
    assert Client(double, http2=False).authorize().send().status_code == 200


@pytest.mark.parametrize("fault", [{"goaway": {"once": True}}, {"cut": {"times": 1}}])
def test_at_once_means_the_connections_that_are_open(double: FcmDouble, client: Client, fault: dict[str, object]) -> None:
    client.send()
    before = double.counts()["connections"]["open"]
    double.set_faults(**fault)
    until = time.monotonic() + 5
    while double.counts()["connections"]["open"] >= before and time.monotonic() < until:
        time.sleep(0.02)
    assert double.counts()["connections"]["open"] < before
    assert Client(double).authorize().send().status_code == 200


def test_goaway_comes_with_the_request_that_was_asked_for(double: FcmDouble, client: Client) -> None:
    double.set_faults(goaway={"after": 3})
    before = double.counts()["connections"]["opened"]
    assert [client.send().status_code for _ in range(6)] == [200] * 6
    opened = double.counts()["connections"]["opened"] - before
    assert 1 <= opened - 1 <= 3, "one more for the counts themselves"


def test_a_cut_is_a_reset_of_all_but_who_asked_for_it(double: FcmDouble, client: Client) -> None:
    client.send()
    asking = Client(double)
    assert asking.http.get("/__admin/counts").status_code == 200
    cut = double.counts()["connections"]["cut"]
    assert asking.http.post("/__admin/faults", json={"cut": {"every": 0.05, "times": 2}}).status_code == 200
    time.sleep(0.2)
    assert double.counts()["connections"]["cut"] >= cut + 1
    before = double.counts()["connections"]["opened"]
    assert asking.http.get("/__admin/counts").json()["connections"]["opened"] == before, "the same connection still"


def test_hanging_ends_by_itself_and_what_came_is_answered_then(double: FcmDouble, client: Client) -> None:
    client.send()
    double.set_faults(hang=0.3)
    time.sleep(0.05)
    began = time.monotonic()
    assert client.send().status_code == 200
    assert time.monotonic() - began >= 0.2
    assert double.counts()["accepted"] == 2


def test_while_it_is_stopped_nobody_connects_and_open_connections_go_on(double: FcmDouble, client: Client) -> None:
    client.send()
    double.set_faults(stopped=0.3)
    time.sleep(0.05)
    with pytest.raises(httpx.ConnectError):
        Client(double).mint()
    assert client.send().status_code == 200
    time.sleep(0.35)
    assert Client(double).mint().status_code == 200


def test_a_reset_ends_hanging_at_once_where_a_connection_can_ask(double: FcmDouble, client: Client) -> None:
    asking = Client(double)
    asking.http.get("/__admin/counts")
    asking.http.post("/__admin/faults", json={"hang": 60})
    time.sleep(0.05)
    asking.http.post("/__admin/reset")
    assert client.send().status_code == 200


class LostTransport(asyncio.Transport):
    """As asyncio's TLS has it for a moment when the other side is gone: its socket is no more, and the protocol was not told yet."""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return SimpleNamespace(selected_alpn_protocol=lambda: "http/1.1") if name == "ssl_object" else default

    def is_closing(self) -> bool:
        return True


def test_a_connection_that_was_just_lost_does_not_keep_the_double_from_cutting_others() -> None:
    async def cut() -> None:
        connection = server.Client(SimpleNamespace(clients=set(), opened=0, hanging=False))  # type: ignore[arg-type]
        connection.connection_made(LostTransport())
        connection.cut()

    asyncio.run(cut())
