"""The double's decisions: what each send is answered, what is kept and counted."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

from local.fcm.answers import UNAUTHENTICATED, Answer, Refusal
from local.fcm.content import refusal as content_refusal
from local.fcm.faults import FORBIDDEN, FaultPlan
from local.fcm.journal import Journal
from local.fcm.oauth import TokenEndpoint
from local.fcm.protobuf_json import Violations
from local.fcm.schema import SEND_MESSAGE_REQUEST


class Double:
    """One Firebase project. Not for more than one thread."""

    def __init__(self, account: Mapping[str, str], folder: Path) -> None:
        self.project_id = account["project_id"]
        self.tokens = TokenEndpoint(account)
        self.plan = FaultPlan()
        self.journal = Journal(folder / "messages")
        self.connections: Callable[[], Mapping[str, int]] = dict
        """What is counted of connections; the server's to say."""
        self.reset()

    def reset(self) -> None:
        """Forgets messages, counts and faults; access tokens stay valid."""
        self.journal.reset()
        self.plan.reset()
        self._accepted = self._validated = self._duplicates = 0
        self._refused: Counter[str] = Counter()
        self._message_ids: set[int] = set()

    def counts(self) -> dict[str, Any]:
        return {
            "accepted": self._accepted,
            "validated": self._validated,
            "refused": dict(self._refused),
            "duplicates": self._duplicates,
            "tokens_minted": self.tokens.minted,
            "connections": self.connections(),
        }

    def send(self, project_id: str, authorization: str, body: bytes) -> Answer:
        """Answers `messages:send` and keeps it."""
        at = time.time()
        try:
            request = orjson.loads(body)
            readable = True
        except orjson.JSONDecodeError as error:
            request = Refusal(400, f"Invalid JSON payload received. {error}")
            readable = False
        answer = self._answer(project_id, authorization, request)
        if answer.reason:
            self._refused[answer.reason] += 1
        self.journal.append(at, body, answer.status, readable=readable)
        delay = self.plan.delay(request)
        return answer._replace(delay=delay) if delay else answer

    def _answer(self, project_id: str, authorization: str, request: object) -> Answer:
        if not self.tokens.accepts(authorization):
            return UNAUTHENTICATED.answer()
        if project_id != self.project_id:
            return FORBIDDEN.answer()
        if isinstance(request, Refusal):
            return request.answer()
        violations: Violations = []
        read = SEND_MESSAGE_REQUEST(request, "", violations)
        if violations:
            return Refusal(400, "\n".join(one.description for one in violations), violations=violations).answer()
        message = read.get("message", {})
        target = message.get("token") or message.get("fid") or ""
        refusal = content_refusal(message) or self.plan.refusal(target)
        if refusal is not None:
            return refusal.answer()
        if read.get("validate_only"):
            self._validated += 1
            return self._success("fake_message_id")
        self._accept(message)
        return self._success(f"0:{time.time_ns() // 1000}%{self._accepted:x}")

    def _accept(self, message: Mapping[str, Any]) -> None:
        self._accepted += 1
        message_id = message.get("data", {}).get("message_id")
        if message_id is not None:
            # The hash in place of the text: 64 bits are enough to tell millions apart, and memory stays small.
            key = hash(message_id)
            self._duplicates += key in self._message_ids
            self._message_ids.add(key)

    def _success(self, identity: str) -> Answer:
        return Answer(200, orjson.dumps({"name": f"projects/{self.project_id}/messages/{identity}"}))
