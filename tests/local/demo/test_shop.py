"""The shop's events go through what may pass, as an SDK's would."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from local.demo import shop


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[int], list[str]]]:
    """An address with a path; the answers that it gives in turn, and the paths that were asked for."""
    answers: list[int] = []
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(self.path)
            self.send_response(answers.pop(0))
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None: ...

    monkeypatch.setattr(shop, "RETRY_SECONDS", 0.0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/stage/", answers, asked
    server.shutdown()
    server.server_close()


def test_throttled_and_unavailable_are_tried_again(api: tuple[str, list[int], list[str]]) -> None:
    address, answers, asked = api
    answers += [503, 429, 200]
    assert shop.poster(address, "k")(b"{}") == (200, b"{}")
    assert asked == ["/stage/v1/batch"] * 3


def test_a_refusal_is_not(api: tuple[str, list[int], list[str]]) -> None:
    address, answers, asked = api
    answers += [401]
    assert shop.poster(address, "k")(b"{}")[0] == 401
    assert len(asked) == 1


def test_what_does_not_pass_is_given_up(api: tuple[str, list[int], list[str]]) -> None:
    address, answers, asked = api
    answers += [503] * shop.ATTEMPTS
    assert shop.poster(address, "k")(b"{}")[0] == 503
    assert len(asked) == shop.ATTEMPTS


def test_where_nobody_listens_the_shop_says_so_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.main("http://127.0.0.1:9", "k", 3) == 1
    told = capsys.readouterr()
    assert told.out == "" and "the API did not take a batch: 0 cannot reach http://127.0.0.1:9" in told.err
