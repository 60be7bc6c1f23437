"""Topic subscriptions: the v1 calls and the older Instance ID ones. Checked and answered, not remembered.

Calls as firebase-admin 7.7.0 makes them (`firebase_admin/messaging.py`, `_make_topic_management_request_v1` and `_legacy`).
"""

import re
import urllib.parse

import orjson

from local.fcm.answers import STATUSES, UNAUTHENTICATED, Answer, Refusal, invalid
from local.fcm.content import TOPIC
from local.fcm.double import Double
from local.fcm.faults import FORBIDDEN, known_refusal

SUBSCRIPTION = re.compile(r"/v1/projects/([^/]+)/registrations/([^/]+)/topicSubscriptions(?:/([^/]+))?")
MAX_TOKENS = 1000


def change_one(double: Double, method: str, path: str, query: str, authorization: str) -> Answer | None:
    """`POST ../topicSubscriptions?topic_name=T` and `DELETE ../topicSubscriptions/T`; None if it is neither."""
    match = SUBSCRIPTION.fullmatch(path)
    if match is None or (method, match[3] is None) not in {("POST", True), ("DELETE", False)}:
        return None
    if not double.tokens.accepts(authorization):
        return UNAUTHENTICATED.answer()
    if match[1] != double.project_id:
        return FORBIDDEN.answer()
    topic = urllib.parse.unquote(match[3]) if match[3] else dict(urllib.parse.parse_qsl(query)).get("topic_name", "")
    if not TOPIC.fullmatch(topic):
        return invalid("Malformed topic name", "topic_subscription.topic_name").answer()
    fault = _fault(double, urllib.parse.unquote(match[2]))
    if fault is not None:
        return fault.answer()
    return Answer(200, b"{}" if method == "DELETE" else orjson.dumps({"topicName": topic}))


def change_many(double: Double, body: bytes, authorization: str) -> Answer:
    """`/iid/v1:batchAdd` and `/iid/v1:batchRemove`: {"to": "/topics/T", "registration_tokens": [..]}."""
    if not double.tokens.accepts(authorization):
        return UNAUTHENTICATED.answer()
    try:
        request = orjson.loads(body)
        topic, tokens = request["to"], request["registration_tokens"]
        if not TOPIC.fullmatch(topic.removeprefix("/topics/")) or not 0 < len(tokens) <= MAX_TOKENS:
            raise ValueError
        results = [_result(_fault(double, token)) for token in tokens]
    except (ValueError, KeyError, TypeError, AttributeError):
        return Answer(400, b'{"error":"InvalidArgument"}')
    return Answer(200, orjson.dumps({"results": results}))


def _fault(double: Double, token: str) -> Refusal | None:
    wanted = double.plan.faults.tokens.get(token)
    return None if wanted is None else known_refusal(wanted)


def _result(fault: Refusal | None) -> dict[str, str]:
    return {} if fault is None else {"error": STATUSES[fault.status]}
