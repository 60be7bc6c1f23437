"""The part of the story (`local.iam.story`) that tells of a publisher and of places: an item by a signed call, another from a feed, and somebody who
walks into a shop."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cli.client import AdminApi
from cli.transport import exchange
from local.platform import Platform
from local.runtime.schedules import TICK_SECONDS
from regulars.domain.content.signature import signature

Document = dict[str, Any]
Until = Callable[[Callable[[], Document], Callable[[Document], bool]], Document]

_ITEM = "<item><guid>{0}</guid><title>Title {0}</title></item>"


class ContentStory:
    """Told to a platform that runs in this process; `until` looks again and again."""

    def __init__(self, platform: Platform, api: AdminApi, until: Until) -> None:
        self._platform, self._api, self._until = platform, api, until

    def tell(self) -> None:
        """Raises RuntimeError where something is answered otherwise than it should."""
        self.publish()
        self.poll()
        self.walk()

    def publish(self) -> None:
        secret = self._api.post("sources", "local", "secret", body={})["secret"]
        body = json.dumps({"id": "story-1", "title": "A story"}).encode()
        self._exchange("POST", "/v1/content", body, {"Regulars-Signature": signature(secret, datetime.now(UTC), body)})

    def poll(self) -> None:
        """The first look learns one item, the second tells another."""
        with _feed() as (address, items):
            self._api.put("feeds", "story", body={"url": address})
            self._until(lambda: self._api.get("feeds", "story"), lambda found: bool(found["learned_at"]))
            items.append("2")
            self._api.post("feeds", "story", "poll", body={})
            self._until(lambda: self._api.get("feeds", "story"), lambda found: found["published"] == 1)
            self._api.get("feeds")
            time.sleep(5 * TICK_SECONDS)  # the scheduler meets the feed's schedule, and judges its role
            self._api.post("feeds", "story", "remove", body={})

    def walk(self) -> None:
        """Somebody who agreed to it is seen in a shop. The telephone asks with a key that no function has looked up and remembers."""
        key = self._api.post("sources", "story", "rotate", body={"overlap": "0"})["write_key"]
        self._api.put("places", "story", body={"places": [{"id": "shop", "lat": 10, "lon": 20}]})
        self._exchange("GET", f"/v1/places?near=10,20&writeKey={key}", stated=False)
        self._api.put("settings", body={"purchase": {"event": "Order"}, "location": {"match": True, "dwell": "0"}})
        yes = {"type": "identify", "userId": "p1", "traits": {"consent": {"location": True}}}
        there = {"type": "track", "event": "Walked", "userId": "p1", "context": {"location": {"latitude": 10, "longitude": 20}}}
        self._exchange("POST", "/v1/batch", json.dumps({"batch": [yes, there]}).encode())

    def _exchange(self, method: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None, *, stated: bool = True) -> None:
        key = base64.b64encode(f"{self._platform.info['write_key']}:".encode()).decode()
        authorization = {"Authorization": f"Basic {key}"} if stated else {}
        headers = {"Content-Type": "application/json", **authorization, **(more or {})}
        reply = exchange(method, self._platform.info["api"] + path, body=body, headers=headers)
        if reply.status != 200:
            raise RuntimeError(f"{path} was answered {reply.status}: {reply.body!r}")


@contextmanager
def _feed() -> Iterator[tuple[str, list[str]]]:
    """A feed on this machine, and the ids of its items, which may be added to."""
    items = ["1"]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f'<rss version="2.0"><channel>{"".join(map(_ITEM.format, items))}</channel></rss>'.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/feed", items
    finally:
        server.shutdown()
        server.server_close()
