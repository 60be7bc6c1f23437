"""The HTTP face of the double: which request is whose.

POST /token                                 OAuth
POST /v1/projects/{project}/messages:send
POST, DELETE ../topicSubscriptions, POST /iid/v1:batchAdd, POST /iid/v1:batchRemove
GET  /__admin/messages?since=N[&limit=M]    POST /__admin/faults     POST /__admin/reset
GET  /__admin/counts                        POST /__admin/revoke     every access token becomes invalid
"""

import re
import urllib.parse

import orjson

from local.fcm.answers import Answer, Refusal
from local.fcm.double import Double
from local.fcm.faults import InvalidFaultError
from local.fcm.requests import Request
from local.fcm.topics import change_many, change_one

SEND = re.compile(r"/v1/projects/([^/]+)/messages:send")
ADMIN_PATHS = {
    "GET": ("/__admin/messages", "/__admin/counts"),
    "POST": ("/__admin/faults", "/__admin/reset", "/__admin/revoke"),
}


class Application:
    def __init__(self, double: Double) -> None:
        self._double = double
        self._send_path = f"/v1/projects/{double.project_id}/messages:send"

    def answer(self, request: Request) -> Answer:
        path, method, authorization = request.path, request.method, request.headers.get("authorization", "")
        if method == "POST" and (path == self._send_path or SEND.fullmatch(path)):
            return self._send(request, authorization)
        if path == "/token" and method == "POST":
            return self._double.tokens.mint(request.body)
        if path in ("/iid/v1:batchAdd", "/iid/v1:batchRemove") and method == "POST":
            return change_many(self._double, request.body, authorization)
        if request.is_admin:
            return self._admin(method, path, request.query, request.body)
        changed = change_one(self._double, method, path, request.query, authorization)
        return changed or Answer(404, b'{"error":{"code":404,"message":"Not Found","status":"NOT_FOUND"}}')

    def _send(self, request: Request, authorization: str) -> Answer:
        content_type = request.headers.get("content-type", "")
        if content_type.partition(";")[0].strip() != "application/json":
            return Refusal(400, f"Invalid content type {content_type!r}: application/json is expected").answer()
        return self._double.send(request.path.split("/")[3], authorization, request.body)

    def _admin(self, method: str, path: str, query: str, body: bytes) -> Answer:
        try:
            match method, path:
                case "GET", "/__admin/messages":
                    wanted = dict(urllib.parse.parse_qsl(query))
                    limit = int(wanted["limit"]) if "limit" in wanted else None
                    return Answer(200, self._double.journal.page(int(wanted.get("since", 0)), limit))
                case "GET", "/__admin/counts":
                    return Answer(200, orjson.dumps(self._double.counts()))
                case "POST", "/__admin/faults":
                    self._double.plan.change(orjson.loads(body))
                    return Answer(200, orjson.dumps(self._double.plan.faults))
                case "POST", "/__admin/reset":
                    self._double.reset()
                    return Answer(200, b"{}")
                case "POST", "/__admin/revoke":
                    self._double.tokens.revoke_all()
                    return Answer(200, b"{}")
        except InvalidFaultError as error:
            return _refused(400, "unknown_fault", str(error))
        except ValueError as error:
            return _refused(400, "invalid_request", str(error))
        return _refused(404, "not_found", f"no {method} {path}; known are {ADMIN_PATHS}")


def _refused(status: int, code: str, message: str) -> Answer:
    return Answer(status, orjson.dumps({"code": code, "message": message}))
