"""What every WebhookCaller does, real or fake; and what the real one makes of receivers that misbehave."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from regulars.adapters.http_webhooks import LONGEST_WAIT, HttpWebhooks
from regulars.ports import WebhookAnswer, WebhookCaller
from tests.contracts.suite import suite
from tests.fakes.journeys import MemoryWebhooks


class Receiver(BaseHTTPRequestHandler):
    """Answers with the status that the path names; `/slow` never does."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append((self.path, body, dict(self.headers)))  # type: ignore[attr-defined]
        if self.path == "/slow":
            time.sleep(1)
            return
        status, _, wait = self.path.removeprefix("/").partition("-")
        self.send_response(int(status))
        if wait:
            self.send_header("retry-after", wait)
        self.send_header("location", "http://127.0.0.1:1/")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def running() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def receiver(running: ThreadingHTTPServer) -> ThreadingHTTPServer:
    running.asked.clear()  # type: ignore[attr-defined]
    return running


@pytest.fixture
def http() -> WebhookCaller:
    return HttpWebhooks(private_hosts=["127.0.0.1"], patience=0.3)


caller = suite(WebhookCaller, adapter="http", fake=MemoryWebhooks)


def url(receiver: ThreadingHTTPServer, path: str) -> str:
    return f"http://127.0.0.1:{receiver.server_address[1]}/{path}"


def test_what_is_taken_is_taken_once_with_its_key(caller: WebhookCaller, receiver: ThreadingHTTPServer) -> None:
    assert caller.call(url(receiver, "200"), b"{}", key="k1") == WebhookAnswer(200, taken=True, final=False, because="", retry_after=timedelta(0))
    if isinstance(caller, MemoryWebhooks):
        assert caller.calls == [(url(receiver, "200"), b"{}", "k1")]
    else:
        ((path, body, headers),) = receiver.asked  # type: ignore[attr-defined]
        assert (path, body, headers["idempotency-key"], headers["content-type"]) == ("/200", b"{}", "k1", "application/json")


@pytest.mark.parametrize(
    ("path", "final", "wait"),
    [
        ("400", True, 0),
        ("404", True, 0),
        ("410", True, 0),
        ("301", True, 0),
        ("408", False, 0),
        ("429-7", False, 7),
        ("500", False, 0),
        ("503-9999999", False, LONGEST_WAIT.total_seconds()),
        ("503-tomorrow", False, 0),
    ],
)
def test_who_refuses_the_call_is_not_asked_again_and_who_is_in_trouble_is(path: str, final: bool, wait: float, receiver: ThreadingHTTPServer) -> None:
    answer = HttpWebhooks(private_hosts=["127.0.0.1"]).call(url(receiver, path), b"{}", key="k")
    assert (answer.status, answer.taken, answer.final, answer.retry_after.total_seconds()) == (int(path[:3]), False, final, wait)
    assert len(receiver.asked) == 1  # type: ignore[attr-defined]


def test_who_does_not_answer_is_asked_again(http: WebhookCaller, receiver: ThreadingHTTPServer) -> None:
    for where in (url(receiver, "slow"), "http://127.0.0.1:1/"):
        answer = http.call(where, b"{}", key="k")
        assert (answer.status, answer.taken, answer.final) == (0, False, False)
        assert answer.because.startswith("no answer")


def test_a_host_whose_address_nobody_knows_now_is_asked_again() -> None:
    answer = HttpWebhooks().call("https://nohost.invalid/lead", b"{}", key="k")
    assert (answer.taken, answer.final) == (False, False) and answer.because == "no answer: there is no host nohost.invalid"


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data", "http://localhost/", "http://[::1]/"])
def test_what_only_we_can_reach_is_never_asked(address: str) -> None:
    answer = HttpWebhooks().call(address, b"{}", key="k")
    assert answer.final and "not public" in answer.because
