"""What the transport says became of each request, against what the double really took, under each fault of connections."""

import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator

import orjson
import pytest

from local.fcm import FcmDouble, start
from regulars.adapters.fcm_transport import Fate, Reply, Transport, retry_after_seconds
from regulars.adapters.http2 import link, pool
from regulars.domain.delivery.pace import Parallelism
from tests.local.fcm.client import Client

PATIENCE = 20.0


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[FcmDouble, str]]:
    double = start()
    yield double, f"Bearer {Client(double).mint().json()['access_token']}"
    double.stop()


@pytest.fixture
def double(running: tuple[FcmDouble, str]) -> FcmDouble:
    running[0].reset()
    return running[0]


class Sending:
    """A transport, and the replies to what it was given, by number."""

    def __init__(self, double: FcmDouble, authorization: str, *, url: str = "", timeout: float = 10.0, connections: int = 2) -> None:
        path = f"/v1/projects/{double.service_account['project_id']}/messages:send"
        self.transport: Transport[int] = Transport((url or double.url) + path, ca_bundle=str(double.ca_path), timeout=timeout)
        self.transport.resize(Parallelism(100 * connections, connections))
        self.replies: dict[int, Reply[int]] = {}
        self._authorization = authorization

    def start(self, *numbers: int) -> None:
        for number in numbers:
            body = orjson.dumps({"message": {"token": token(number), "data": {"message_id": str(number)}}})
            self.transport.start(number, body, self._authorization)

    def poll(self, seconds: float = 0.02) -> None:
        for reply in self.transport.poll(seconds):
            assert reply.tag not in self.replies
            self.replies[reply.tag] = reply

    def send(self, count: int, first: int = 0) -> Counter[Fate]:
        """Sends so many, as many at once as there is room for, and gives how they ended."""
        todo = list(reversed(range(first, first + count)))
        until = time.monotonic() + PATIENCE
        while (todo or self.transport.in_flight) and time.monotonic() < until:
            while todo and self.transport.has_room:
                self.start(todo.pop())
            self.poll()
        return Counter(self.replies[number].fate for number in range(first, first + count))

    def ended(self, fate: Fate) -> set[int]:
        return {number for number, reply in self.replies.items() if reply.fate is fate}


@pytest.fixture
def sending(double: FcmDouble, running: tuple[FcmDouble, str]) -> Sending:
    return Sending(double, running[1])


def token(number: int) -> str:
    return f"token-{number}:APA91b" + "x" * 100


def taken(double: FcmDouble) -> Counter[int]:
    """How often the double accepted each number."""
    return Counter(int(one["body"]["message"]["data"]["message_id"]) for one in double.messages() if one["answer"] == 200)


def assert_true(sending: Sending, double: FcmDouble) -> None:
    """Nobody twice, whoever is answered was taken, and whoever is said to be unsent was not."""
    numbers = taken(double)
    assert set(numbers.values()) <= {1}
    assert sending.ended(Fate.ANSWERED) <= set(numbers)
    assert not sending.ended(Fate.UNSENT) & set(numbers)


def test_requests_above_the_last_stream_of_a_goaway_go_out_again(double: FcmDouble, sending: Sending) -> None:
    double.set_faults(latency=0.01, goaway={"after": 40})
    assert sending.send(1000) == {Fate.ANSWERED: 1000}
    assert taken(double) == Counter(range(1000))
    assert double.counts()["connections"]["opened"] >= 25


def test_refused_streams_go_out_again(double: FcmDouble, sending: Sending) -> None:
    double.set_faults(streams={"refused": 0.1}, seed=3)
    fates = sending.send(500)
    assert fates[Fate.ANSWERED] >= 495
    assert fates[Fate.UNSURE] == 0
    assert taken(double) == Counter(sending.ended(Fate.ANSWERED))


def test_a_server_that_refuses_every_stream_is_the_callers_to_wait_for(double: FcmDouble, sending: Sending) -> None:
    double.set_faults(streams={"refused": 1})
    assert sending.send(20) == {Fate.UNSENT: 20}
    assert taken(double) == Counter()
    double.set_faults(streams=None)
    assert sending.send(20, first=20) == {Fate.ANSWERED: 20}


@pytest.mark.parametrize("code", ["CANCEL", "INTERNAL_ERROR", "NO_ERROR"])
def test_a_stream_that_is_reset_otherwise_may_have_been_processed(double: FcmDouble, sending: Sending, code: str) -> None:
    double.set_faults(streams={"reset": 0.2, "code": code}, seed=3)
    fates = sending.send(200)
    assert fates[Fate.UNSURE] > 10
    assert fates[Fate.UNSENT] == 0
    assert taken(double) == Counter(range(200))


def test_cut_connections_leave_no_false_word(double: FcmDouble, sending: Sending) -> None:
    double.set_faults(latency=0.01, cut={"every": 0.15})
    fates = sending.send(3000)
    double.heal()
    assert double.counts()["connections"]["cut"] > 2
    assert_true(sending, double)
    assert fates[Fate.ANSWERED] > 2000
    assert fates[Fate.UNSURE] > 0


@pytest.mark.parametrize("fault", [{"cut": {"times": 1}}, {"goaway": {"once": True}}])
def test_a_connection_that_ended_while_it_was_idle_gets_nothing(double: FcmDouble, sending: Sending, fault: dict[str, object]) -> None:
    assert sending.send(50) == {Fate.ANSWERED: 50}
    double.set_faults(**fault)
    time.sleep(0.05)
    assert sending.send(50, first=50) == {Fate.ANSWERED: 50}
    assert taken(double) == Counter(range(100))


def test_a_connection_that_carried_nothing_for_long_is_not_trusted(double: FcmDouble, sending: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = double.counts()["connections"]["opened"]
    sending.send(1)
    monkeypatch.setattr(pool, "IDLE_SECONDS", 0.01)
    time.sleep(0.02)
    assert sending.send(1, first=1) == {Fate.ANSWERED: 1}
    assert double.counts()["connections"]["opened"] >= opened + 2


def test_a_slow_stream_on_a_draining_connection_keeps_nobody_waiting(double: FcmDouble, running: tuple[FcmDouble, str]) -> None:
    sending = Sending(double, running[1], connections=1)
    double.set_faults(slow={token(0): 0.8})
    sending.start(0)
    until = time.monotonic() + PATIENCE
    while not taken(double) and time.monotonic() < until:
        sending.poll()
    double.set_faults(goaway={"once": True})
    sending.start(*range(1, 60))
    while len(sending.replies) < 59 and time.monotonic() < until:
        sending.poll()
    assert sending.ended(Fate.ANSWERED) == set(range(1, 60)), "all but the slow one"
    while sending.transport.in_flight and time.monotonic() < until:
        sending.poll()
    assert sending.replies[0].status == 200


def test_a_server_that_hangs_leaves_in_doubt_what_it_was_sent_and_another_connection_goes_on(
    double: FcmDouble, running: tuple[FcmDouble, str]
) -> None:
    sending = Sending(double, running[1], timeout=0.5, connections=1)
    sending.send(10)
    double.set_faults(hang=0.8)
    time.sleep(0.05)
    assert sending.send(30, first=10) == {Fate.UNSURE: 30}
    time.sleep(0.4)
    assert sending.send(30, first=40) == {Fate.ANSWERED: 30}
    assert set(taken(double).values()) == {1}


def test_a_connection_that_falls_silent_takes_no_more_and_is_used_again_when_it_speaks(
    double: FcmDouble, running: tuple[FcmDouble, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "SILENT_SECONDS", 0.2)
    sending = Sending(double, running[1], connections=1)
    sending.send(10)
    double.set_faults(hang=0.8)
    sending.start(*range(10, 15))
    until = time.monotonic() + 0.4
    while time.monotonic() < until:
        sending.poll()
    sending.start(*range(15, 40))
    sending.poll()
    assert len(sending.transport._waiting) == 25, "only five are in doubt"
    until += PATIENCE
    while sending.transport.in_flight and time.monotonic() < until:
        sending.poll()
    assert sending.ended(Fate.ANSWERED) == set(range(40))


def test_a_server_that_takes_connections_and_says_nothing_was_sent_nothing(
    double: FcmDouble, sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "CONNECT_SECONDS", 0.2)
    double.set_faults(hang=0.7)
    time.sleep(0.05)
    assert sending.send(10) == {Fate.UNSENT: 10}
    time.sleep(0.6)
    assert sending.send(10, first=10) == {Fate.ANSWERED: 10}
    assert set(taken(double)) == set(range(10, 20))


def test_nothing_is_sent_while_nobody_listens_and_all_of_it_when_somebody_does(double: FcmDouble, sending: Sending) -> None:
    sending.send(10)
    double.set_faults(stopped=0.4, cut={"times": 1})
    time.sleep(0.05)
    assert sending.send(10, first=10) == {Fate.UNSENT: 10}
    assert "refused" in sending.replies[10].error.lower()
    time.sleep(0.5)
    assert sending.send(10, first=20) == {Fate.ANSWERED: 10}
    assert set(taken(double)) == {*range(10), *range(20, 30)}


@pytest.mark.parametrize("url", ["https://127.0.0.1:9", "https://nobody.invalid"])
def test_where_there_is_no_server_nothing_is_sent_and_the_next_try_is_one(double: FcmDouble, running: tuple[FcmDouble, str], url: str) -> None:
    sending = Sending(double, running[1], url=url)
    for first in (0, 10):
        assert sending.send(10, first=first) == {Fate.UNSENT: 10}
        assert url.removeprefix("https://") in sending.replies[first].error


def test_a_server_that_takes_requests_and_answers_none_gets_ever_fewer(double: FcmDouble, sending: Sending) -> None:
    double.set_faults(latency=0.5, cut={"every": 0.02})
    sending.start(*range(2000))
    until = time.monotonic() + 0.6
    while time.monotonic() < until:
        sending.poll()
    assert 0 < len(sending.ended(Fate.UNSURE)) < 100
    assert not sending.ended(Fate.ANSWERED)
    double.heal()
    double.set_faults(latency=0)
    while sending.transport.in_flight and time.monotonic() < until + PATIENCE:
        sending.poll()
    assert len(sending.ended(Fate.ANSWERED)) > 1800
    assert_true(sending, double)


def test_what_is_abandoned_has_no_reply_and_disturbs_nothing(double: FcmDouble, sending: Sending) -> None:
    double.set_faults(latency=0.1)
    sending.start(*range(300))
    sending.poll()
    sending.transport.abandon()
    assert sending.transport.in_flight == 0
    assert sending.send(20, first=300) == {Fate.ANSWERED: 20}
    assert set(sending.replies) == set(range(300, 320))


def test_big_messages_wait_for_the_servers_window(double: FcmDouble, sending: Sending) -> None:
    body = orjson.dumps({"message": {"token": token(1), "data": {"k": "x" * 3500, "message_id": "1"}}, "validate_only": True})
    for number in range(180):
        sending.transport.start(number, body + b" " * 12_000, sending._authorization)
    until = time.monotonic() + PATIENCE
    while sending.transport.in_flight and time.monotonic() < until:
        sending.poll()
    assert Counter(reply.status for reply in sending.replies.values()) == {200: 180}


def test_a_server_without_http2_is_told_nothing(double: FcmDouble, running: tuple[FcmDouble, str]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(double.folder / "server.pem", double.folder / "server.key")
    listening = socket.create_server(("127.0.0.1", 0))
    came: list[bytes] = []

    def serve() -> None:
        with context.wrap_socket(listening.accept()[0], server_side=True) as client:
            came.append(client.recv(1000))

    thread = threading.Thread(target=serve)
    thread.start()
    sending = Sending(double, running[1], url=f"https://127.0.0.1:{listening.getsockname()[1]}")
    assert sending.send(1) == {Fate.UNSENT: 1}
    assert "HTTP/2" in sending.replies[0].error
    thread.join(5)
    assert came == [b""]
    listening.close()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(b"7", 7.0), (b" 60 ", 60.0), (b"Thu, 01 Jan 1970 00:16:45 GMT", 5.0), (b"Thu, 01 Jan 1970 00:00:00 GMT", 0.0), (b"soon", 0.0), (b"", 0.0)],
)
def test_retry_after_is_seconds_or_a_date(value: bytes, seconds: float) -> None:
    assert retry_after_seconds(value, now=1000.0) == seconds
