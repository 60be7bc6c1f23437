"""The retailer's side of the demonstration, in a process of its own: posts the year to the collection API as an SDK would.

    python -m local.demo.shop http://127.0.0.1:8400 WRITE_KEY HOUSEHOLDS

Prints the events and the bytes accepted so far, a line a batch; stops at the first answer that is not 200, after what may pass has been tried again.
"""

import base64
import gzip
import http.client
import queue
import sys
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from local.demo.households import batches

CONNECTIONS = 3
ATTEMPTS = 6
RETRY_SECONDS = 1.0
"""Before the second attempt; twice as long before each that follows, as Segment's clients do."""


def main(api: str, write_key: str, households: int) -> int:
    """Exit status 0 if every batch was answered 200."""
    waiting: queue.Queue[tuple[int, bytes] | None] = queue.Queue(maxsize=2 * CONNECTIONS)
    told = threading.Lock()
    accepted = sent = 0
    refused: list[str] = []

    def send() -> None:
        nonlocal accepted, sent
        post = poster(api, write_key)
        while (batch := waiting.get()) is not None:
            if refused:
                continue
            events, body = batch
            packed = gzip.compress(body, 1)
            try:
                status, text = post(packed)
            except (http.client.HTTPException, OSError) as error:
                status, text = 0, f"cannot reach {api}: {error}".encode()
            with told:
                if status != 200:
                    refused.append(f"{status} {text[:200].decode(errors='replace')}")
                    continue
                accepted += events
                sent += len(packed)
                print(accepted, sent, flush=True)

    senders = [threading.Thread(target=send) for _ in range(CONNECTIONS)]
    for sender in senders:
        sender.start()
    for batch in batches(households):
        waiting.put(batch)
    for _ in senders:
        waiting.put(None)
    for sender in senders:
        sender.join()
    if refused:
        print(f"the API did not take a batch: {refused[0]}", file=sys.stderr)
    return 1 if refused else 0


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
