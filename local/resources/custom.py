"""Custom resources: the function is invoked as CloudFormation would, and answers by HTTP to a URL on loopback.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Empty, SimpleQueue
from typing import Any

from local.resources.site import Resource, Site, arn
from local.template.intrinsics import Values

Answers = SimpleQueue[dict[str, Any]]


def custom_resource(resource: Resource, site: Site) -> Values:
    """Invoke the function behind ServiceToken with a Create request; Ref and attributes are what it answers.

    Raises TemplateError with the function's reason when it answers FAILED, with its error when it ends in one, and says so
    when it ends without an answer (CloudFormation would wait an hour for it).
    """
    token = str(resource.properties.get("ServiceToken"))
    try:
        function = site.deployed.function(token)
    except KeyError as error:
        raise resource.error("ServiceToken", str(error.args[0])) from error
    with _response_address() as (url, answers):
        failure = site.invoke(function, _request(resource, site, url))
        try:
            answer = answers.get_nowait()
        except Empty:
            reason = failure or f"{function.name} ended without an answer to its ResponseURL"
            raise resource.error("ServiceToken", reason) from None
    if answer.get("Status") != "SUCCESS":
        raise resource.error("ServiceToken", f"{function.name} answered {answer.get('Status')}: {answer.get('Reason', 'no reason')}")
    data = answer.get("Data") or {}
    return Values(str(answer.get("PhysicalResourceId", resource.logical_id)), data)


def _request(resource: Resource, site: Site, url: str) -> dict[str, Any]:
    return {
        "RequestType": "Create",
        "ResponseURL": url,
        "StackId": arn("cloudformation", f"stack/{site.stack}/{uuid.uuid4()}"),
        "RequestId": str(uuid.uuid4()),
        "ResourceType": resource.type,
        "LogicalResourceId": resource.logical_id,
        "ResourceProperties": dict(resource.properties),
    }


@contextmanager
def _response_address() -> Iterator[tuple[str, Answers]]:
    """A URL that takes one PUT of JSON, as the signed S3 URL of the real service does, and the queue where it arrives."""
    answers: Answers = SimpleQueue()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            try:
                answers.put(json.loads(body))
            except ValueError:
                answers.put({"Status": "FAILED", "Reason": "the answer is not JSON"})
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Silence: one answer an hour needs no access log."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="custom-resource")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/{uuid.uuid4()}", answers
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
