"""The front door over real sockets."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.resources.model import Api, ApiStage, Function, JwtAuthorizer, Route, Throttle
from local.runtime.http import FrontDoor, Gateway
from local.runtime.jwt import Authorizer, Issuer
from local.runtime.lambdas import Lambdas
from local.runtime.throttling import Throttles

HANDLER = """
    import time
    def lambda_handler(event, context):
        path = event["rawPath"]
        if path == "/fail":
            raise ValueError("no")
        if path == "/slow":
            time.sleep(1)
        if path == "/odd":
            return {"statusCode": "odd"}
        headers = {"x-method": event["requestContext"]["http"]["method"]}
        return {"statusCode": 200, "body": str(len(event.get("body", ""))), "headers": headers}
"""
ISSUER = "https://issuer"


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def door(issuer: Issuer, make_function: Callable[..., Function], run_lambdas: Callable[..., Lambdas]) -> Iterator[FrontDoor]:
    routes = (
        Route("ANY", "$default", "f", timeout_millis=300),
        Route("GET", "/admin/{id}", "f", authorizer="Admin", scopes=("regulars/read",)),
        Route("GET", "/busy", "f"),
    )
    throttles = Throttles(ApiStage("Stage", "local", route_throttles={"GET /busy": Throttle(rate=0.001, burst=1)}))
    api = Api("Api", "local", routes, {"Admin": JwtAuthorizer("Admin", ISSUER, ("c",))})
    lambdas = run_lambdas(make_function("f", HANDLER))
    opened = FrontDoor(Gateway(api, {"Admin": Authorizer(ISSUER, ["c"], issuer.keys)}, lambdas, throttles), 0)
    yield opened
    opened.stop()


def ask(door: FrontDoor, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", door.server_address[1], timeout=10)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_a_request_reaches_the_function_and_the_connection_is_kept(door: FrontDoor) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", door.server_address[1], timeout=10)
    for _ in range(3):
        connection.request("POST", "/v1/batch", b"x" * 10, {"content-type": "text/plain"})
        answer = connection.getresponse()
        assert (answer.status, answer.read(), answer.headers["x-method"]) == (200, b"10", "POST")
    connection.close()


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_the_default_route_takes_every_method(door: FrontDoor, method: str) -> None:
    assert ask(door, method, "/anything") == (200, "" if method == "HEAD" else "0")


def test_more_than_a_route_takes_is_refused_as_api_gateway_does_and_other_routes_go_on(door: FrontDoor) -> None:
    assert [ask(door, "GET", "/busy") for _ in range(2)] == [(200, "0"), (429, '{"message":"Too Many Requests"}')]
    assert ask(door, "GET", "/anything") == (200, "0")


def test_a_chunked_body_is_put_together(door: FrontDoor) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", door.server_address[1], timeout=10)
    parts = iter([b"a" * 1000, b"b" * 7])
    connection.request("POST", "/", parts, {"content-type": "text/plain"}, encode_chunked=True)
    assert connection.getresponse().read() == b"1007"
    connection.close()


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/fail", (500, '{"message":"Internal Server Error"}')),
        ("/odd", (500, '{"message":"Internal Server Error"}')),
        ("/slow", (503, '{"message":"Service Unavailable"}')),
    ],
)
def test_what_the_function_does_wrong_is_answered_by_the_gateway(door: FrontDoor, path: str, answer: tuple[int, str]) -> None:
    assert ask(door, "GET", path) == answer


def test_ten_megabytes_are_the_limit(door: FrontDoor) -> None:
    refusal = (413, '{"message":"Request Entity Too Large"}')
    assert ask(door, "POST", "/", b"x" * (10 * 2**20 + 1)) == refusal
    assert ask(door, "POST", "/", iter([b"x" * 2**20] * 11)) == refusal


def test_an_event_over_lambdas_limit_is_refused(door: FrontDoor) -> None:
    assert ask(door, "POST", "/", b"x" * 5 * 2**20)[0] == 413
    assert ask(door, "POST", "/", b"x" * 4 * 2**20)[0] == 200


def test_the_authorizer_guards_its_route(door: FrontDoor, issuer: Issuer) -> None:
    assert ask(door, "GET", "/admin/7") == (401, '{"message":"Unauthorized"}')
    for scope, status in (("regulars/read", 200), ("regulars/send", 403)):
        header = "Bearer " + issuer.token(ISSUER, "c", [scope], 60)
        assert ask(door, "GET", "/admin/7", Authorization=header)[0] == status


def test_nonsense_is_a_bad_request_in_json(door: FrontDoor) -> None:
    for text in (b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"BREW / HTTP/1.1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", door.server_address[1]), timeout=5) as plain:
            plain.sendall(text)
            received = b"".join(iter(lambda: plain.recv(65536), b""))
        assert b" 400 " in received.split(b"\r\n")[0]
        assert json.loads(received.split(b"\r\n\r\n")[1])["message"]


def test_parallel_clients_are_served_at_once(door: FrontDoor) -> None:
    answers: list[tuple[int, str]] = []
    clients = [threading.Thread(target=lambda: answers.append(ask(door, "POST", "/", b"x" * 1000, **{"content-type": "text/x"}))) for _ in range(20)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert answers == [(200, "1000")] * 20


def test_a_busy_port_is_an_os_error(door: FrontDoor) -> None:
    with pytest.raises(OSError, match="in use"):
        FrontDoor(door.endpoint, door.server_address[1])


def test_stopping_closes_idle_connections_at_once_and_frees_the_port(door: FrontDoor) -> None:
    before = threading.active_count()
    idle = socket.create_connection(("127.0.0.1", door.server_address[1]))
    end = time.monotonic() + 5
    while threading.active_count() == before and time.monotonic() < end:
        time.sleep(0.01)
    began = time.monotonic()
    door.stop()
    assert time.monotonic() - began < 1
    assert idle.recv(1) == b""
    assert not [thread for thread in threading.enumerate() if "process_request" in thread.name]
    again = FrontDoor(door.endpoint, door.server_address[1])
    again.stop()
