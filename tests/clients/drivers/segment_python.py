"""segment-analytics-python: `segment_python.py HOST KEY NAME EVENTS gzip|plain`. Fails if the client gave up an event."""

import sys

from calls import send
from segment.analytics.client import Client

host, key, name, events, encoding = sys.argv[1:]
given_up: list[object] = []
client = Client(key, host=host, gzip=encoding == "gzip", upload_size=6, on_error=lambda error, batch: given_up.append(error))
send(client, name, int(events))
client.flush()
client.join()
sys.exit(f"gave up: {given_up}" if given_up else 0)
