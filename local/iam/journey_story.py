"""Of the story, what journeys need: two that run, one of which starts the other, and what it would have done before."""

import json
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cli.client import AdminApi
from cli.transport import exchange
from local.platform import Platform
from regulars.domain.journeys.inputs import Due, input_document

Document = dict[str, Any]

KNOWN_SECONDS = 11.0
"""So soon what is launched is known to every function, and a little."""

_GREET: Document = {
    "id": "greet",
    "entry": {"event": "Order"},
    "reentry": {"while_in": "restart", "after": "1m"},
    "delivery": {"cap": {"count": 9, "within": "1d"}},
    "start": "hello",
    "steps": {
        "hello": {"message": {"push": {"title": "Hello"}}, "then": "learn"},
        "learn": {"set": {"traits": {"greeted": True}}, "then": "go"},
        "go": {"start": "thank", "then": "rest"},
        "rest": {"wait": "1m", "then": None},
    },
}
_THANK: Document = {
    "id": "thank",
    "entry": {"api": True},
    "start": "thanks",
    "steps": {"thanks": {"message": {"push": {"title": "Thanks"}}, "then": None}},
}


class JourneyStory:
    """Told to a platform that runs in this process, of whose people `p0` has a telephone."""

    def __init__(self, platform: Platform, api: AdminApi, until: Callable[..., Document]) -> None:
        self._platform, self._api, self._until = platform, api, until

    def tell(self) -> None:
        """Raises RuntimeError where something ends otherwise than it should."""
        for journey in (_THANK, _GREET):
            self._api.put("journeys", journey["id"], body=journey)
            self._api.post("journeys", journey["id"], "launch", body={})
        self._api.post("journeys", "greet", "pause", body={})
        launched = time.monotonic()
        self._until(self._ordered, lambda found: found["put_off"] > 0)
        time.sleep(max(0.0, launched + KNOWN_SECONDS - time.monotonic()))
        self._ordered()  # by the fast lane: collect knows by now
        self._api.post("journeys", "greet", "resume", body={})
        self._until(self._woken, lambda found: found["put_off"] == 0)
        now = datetime.now(UTC)
        body = {"from": (now - timedelta(days=1)).isoformat(), "to": now.isoformat(), "with": ["thank"]}
        begun = self._api.post("journeys", "greet", "backtests", body=body)
        done = self._until(lambda: self._api.get("journey-backtests", begun["ticket"]), lambda found: found["state"] in ("succeeded", "failed"))
        if done["state"] != "succeeded":
            raise RuntimeError(f"the look back ended so: {done}")
        (thanked,) = done["beside"]
        if not thanked["entries"] == done["hindsight"]["people"] > 0:
            raise RuntimeError(f"not everybody whom one journey sends into another came there: {done}")
        self._reminded()
        for journey in (_GREET, _THANK):
            self._api.post("journeys", journey["id"], "stop", body={})

    def _ordered(self) -> Document:
        """What was launched is known everywhere within ten seconds: until then somebody buys again."""
        self._send({"type": "track", "event": "Order", "userId": "p0", "messageId": str(uuid.uuid4())})
        return self._status()

    def _send(self, *events: Document) -> None:
        body = json.dumps({"batch": events, "writeKey": self._platform.info["write_key"]}).encode()
        reply = exchange("POST", self._platform.info["api"] + "/v1/batch", body=body, headers={"Content-Type": "application/json"})
        if reply.status != 200:
            raise RuntimeError(f"the batch was answered {reply.status}: {reply.body!r}")

    def _status(self) -> Document:
        return self._api.get("journeys", "greet", "status")

    def _woken(self) -> Document:
        """As its schedule does every minute."""
        outcome = self._platform.runtime.lambdas.invoke("WakeFunction", b"{}")
        if outcome.error:
            raise RuntimeError(f"wake: {outcome.payload!r}")
        return self._status()

    def _reminded(self) -> None:
        """As its queue does after the minute for which somebody rests."""
        due = Due("p0", "greet", "", datetime.now(UTC))
        outcome = self._platform.runtime.lambdas.invoke("RemindFunction", json.dumps({"Records": [{"body": input_document(due)}]}).encode())
        if outcome.error:
            raise RuntimeError(f"remind: {outcome.payload!r}")
