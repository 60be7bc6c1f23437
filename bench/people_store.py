"""DynamoDB as far as `deliver` asks for it, in a process of its own: any number of people with some traits and a device each, made up from their ids
when they are asked for, and what is written, with its version.

It stands in for moto, which takes some 10 ms of CPU a request and several GB for a million people: AWS's takes a few milliseconds and none of ours.
"""

import multiprocessing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any, Final

import orjson

from bench.amounts import Amounts
from bench.billed_units import units
from regulars.domain.collection.device import PushTarget
from regulars.domain.collection.moments import iso
from regulars.domain.delivery.recipients import fingerprint
from regulars.domain.people.device import Device, Registration, Use
from regulars.domain.people.profile import Profile
from regulars.domain.people.traits import KnownTrait

TRAITS: Final = 10
PROFILES, DEVICES, CONTACTS = "profiles", "devices", "contacts"
_AT: Final = iso(datetime.now(UTC) - timedelta(days=1))
"""When everybody was seen: lately, or nothing would be sent to them."""


def token(number: int) -> str:
    return f"device-{number:08d}:APA91b" + "x" * 134


def shard_row(number: int) -> Mapping[str, str]:
    """Somebody as UNLOAD writes them."""
    return {"user_id": f"user-{number}", "arm": "treated", "device_id": f"device-{number}", "fingerprint": fingerprint(token(number))}


@lru_cache(maxsize=50_000)
def _document(table: str, key: str) -> bytes:
    number = int(key.rpartition("-")[2])
    user_id = f"user-{number}"
    if table == PROFILES:
        return orjson.dumps(Profile(user_id, {f"trait_{n}": KnownTrait(f"value {n} of this person", _AT) for n in range(TRAITS)}, {key: _AT}))
    registration = Registration(_AT, "", user_id, PushTarget("token", token(number)))
    return orjson.dumps(Device(key, Use(_AT, "", user_id, "ios", "en-US", "Europe/Berlin", "5.2.0"), registration))


class Tables:
    """What was written, by table and key, and what all requests would have been billed as."""

    def __init__(self) -> None:
        self.used = Amounts()
        self._items: dict[str, dict[str, Any]] = {}

    def answer(self, operation: str, asked: dict[str, Any]) -> dict[str, Any] | None:
        """None where a condition did not hold."""
        answer = self._answer(operation, asked)
        self.used.add(units("dynamodb", operation, asked, answer or {}))
        return answer

    def _answer(self, operation: str, asked: dict[str, Any]) -> dict[str, Any] | None:
        match operation:
            case "BatchGetItem":
                ((table, wanted),) = asked["RequestItems"].items()
                if table == CONTACTS:
                    there = [self._items.get(_place(table, key)) for key in wanted["Keys"]]
                    return {"Responses": {table: [item for item in there if item]}, "UnprocessedKeys": {}}
                return {"Responses": {table: [_made_up(table, key) for key in wanted["Keys"]]}, "UnprocessedKeys": {}}
            case "GetItem":
                found = self._items.get(_place(asked["TableName"], asked["Key"]))
                return {"Item": found} if found else {}
            case "PutItem":
                return self._put(asked)
            case "BatchExecuteStatement":
                return {"Responses": [self._executed(each["Statement"], each["Parameters"]) for each in asked["Statements"]]}
            case "TransactWriteItems":
                for action in asked["TransactItems"]:
                    self._put(action["Put"])
                return {}
            case "Query":  # whether other runs are under way
                return {"Items": [], "Count": 0}
        raise NotImplementedError(operation)

    def _executed(self, text: str, given: list[dict[str, Any]]) -> dict[str, Any]:
        """The two statements that contacts are written with (`adapters.dynamo_contacts`)."""
        if text.startswith("INSERT"):
            key, pushes, expires_at, before = *given, None
        else:
            pushes, expires_at, key, before = given
        place = f"{CONTACTS}/{key['S']}"
        there = self._items.get(place)
        if (there and there["pushes"]) != before:
            return {"Error": {"Code": "DuplicateItem" if before is None else "ConditionalCheckFailed"}}
        self._items[place] = {"user_id": key, "pushes": pushes, "expires_at": expires_at}
        return {"TableName": CONTACTS}

    def _put(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        place, item = _place(asked["TableName"], asked["Item"]), asked["Item"]
        there = self._items.get(place, {}).get("version")
        if "version" in item and there != asked.get("ExpressionAttributeValues", {}).get(":expected"):
            return None
        self._items[place] = item
        return {}


def _place(table: str, item: Mapping[str, Any]) -> str:
    return "/".join((table, *(item[name]["S"] for name in ("run_id", "part", "name", "user_id") if name in item)))


def _made_up(table: str, key: Mapping[str, Any]) -> dict[str, Any]:
    ((name, value),) = key.items()
    return {name: value, "document": {"S": _document(table, value["S"]).decode()}, "version": {"N": "1"}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    tables: Tables

    def do_GET(self) -> None:
        """What was used, by name of a price."""
        self._tell(200, dict(self.tables.used))

    def do_POST(self) -> None:
        asked = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.tables.answer(self.headers["X-Amz-Target"].rpartition(".")[2], asked)
        if answer is None:
            self._tell(400, {"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"})
        else:
            self._tell(200, answer)

    def _tell(self, status: int, answer: Mapping[str, Any]) -> None:
        body = orjson.dumps(answer)
        self.send_response_only(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _serve(told: Connection) -> None:
    _Handler.tables = Tables()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        told.send(server.server_port)
        server.serve_forever()


@contextmanager
def started() -> Iterator[str]:
    """The address of a running one."""
    heard, told = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(told,), daemon=True)
    process.start()
    told.close()  # so that nobody waits for one that did not start
    try:
        yield f"http://127.0.0.1:{heard.recv()}"
    finally:
        process.terminate()
        process.join()
