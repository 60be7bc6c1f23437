"""The retailer's side of the demonstration, in a process of its own: posts the year to the collection API as an SDK would.

    python -m local.demo.shop http://127.0.0.1:8400 WRITE_KEY HOUSEHOLDS

Prints the events and the bytes accepted so far, a line a batch; stops at the first answer that is not 200, after what may pass has been tried again.
"""

import base64
import gzip
import http.client
import itertools
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from local.demo.households import batches

CONNECTIONS = 3
ATTEMPTS = 6
RETRY_SECONDS = 1.0
"""Before the second attempt; twice as long before each that follows, as Segment's clients do."""


class Senders:
    """The shop's connections to the API. `refused` says why a batch was not taken, or nothing."""

    def __init__(self, api: str, write_key: str) -> None:
        self.refused = ""
        self._api, self._write_key = api, write_key
        self._waiting: queue.Queue[tuple[int, bytes] | None] = queue.Queue(maxsize=2 * CONNECTIONS)
        self._told = threading.Lock()
        self._events = self._bytes = 0

    def send_all(self, year: Iterable[tuple[int, bytes]]) -> None:
        """Returns when every batch was answered; after a refusal the rest is not sent."""
        threads = [threading.Thread(target=self._send) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for batch in itertools.chain(year, itertools.repeat(None, CONNECTIONS)):
            self._waiting.put(batch)
        for thread in threads:
            thread.join()

    def _send(self) -> None:
        post = poster(self._api, self._write_key)
        while (batch := self._waiting.get()) is not None:
            if not self.refused:
                events, body = batch
                packed = gzip.compress(body, 1)
                self._tell(events, len(packed), *self._answer(post, packed))

    def _answer(self, post: Callable[[bytes], tuple[int, bytes]], packed: bytes) -> tuple[int, bytes]:
        try:
            return post(packed)
        except (http.client.HTTPException, OSError) as error:
            return 0, f"cannot reach {self._api}: {error}".encode()

    def _tell(self, events: int, size: int, status: int, text: bytes) -> None:
        with self._told:
            if status != 200:
                self.refused = f"{status} {text[:200].decode(errors='replace')}"
                return
            self._events += events
            self._bytes += size
            print(self._events, self._bytes, flush=True)


def main(api: str, write_key: str, households: int) -> int:
    """Exit status 0 if every batch was answered 200."""
    senders = Senders(api, write_key)
    senders.send_all(batches(households))
    if senders.refused:
        print(f"the API did not take a batch: {senders.refused}", file=sys.stderr)
    return 1 if senders.refused else 0


def poster(api: str, write_key: str) -> Callable[[bytes], tuple[int, bytes]]:
    """Posts gzipped batches over a connection of its own: status and body of the last answer."""
    place = urlsplit(api)
    connection = (http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection)(place.netloc, timeout=60)
    credentials = base64.b64encode(f"{write_key}:".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json", "Content-Encoding": "gzip"}

    def post(packed: bytes) -> tuple[int, bytes]:
        for attempt in range(ATTEMPTS):
            connection.request("POST", f"{place.path.rstrip('/')}/v1/batch", packed, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status not in (429, 503) or attempt == ATTEMPTS - 1:
                break
            time.sleep(RETRY_SECONDS * 2**attempt)
        return answer.status, text

    return post


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
