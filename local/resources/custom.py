"""Custom resources: the function is invoked as CloudFormation would, and answers by HTTP to a URL on loopback.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import json
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Empty, SimpleQueue
from typing import Any, Final

from local.resources.model import Function
from local.resources.site import Existing, Resource, Site, arn
from local.template.intrinsics import Values

LONGEST_SERVICE_TIMEOUT: Final = 3600
"""Seconds, and what holds without the property:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html"""


@dataclass(frozen=True, slots=True)
class Ended:
    """The function came to its end; `failure` is the error, or None."""

    failure: str | None


Heard = SimpleQueue[dict[str, Any] | Ended]


def custom_resource(resource: Resource, site: Site) -> Values:
    """Invoke the function behind ServiceToken with a Create request; Ref and attributes are what it answers.

    Raises TemplateError with the function's reason when it answers FAILED, with its error when it ends in one, and says so
    when it ends without an answer, or has not answered within ServiceTimeout (for both CloudFormation would wait until then).
    """
    return _asked(resource, site, {"RequestType": "Create"})


def update(resource: Resource, existing: Existing, site: Site) -> Values:
    """An Update request. Another physical id in the answer is a replacement: the old one is deleted by a request of its own."""
    old = existing.values.reference
    values = _asked(
        resource,
        site,
        {"RequestType": "Update", "PhysicalResourceId": old, "OldResourceProperties": dict(existing.resource.properties)},
    )
    if values.reference != old:
        delete(existing, site)
    return values


def delete(existing: Existing, site: Site) -> None:
    _asked(existing.resource, site, {"RequestType": "Delete", "PhysicalResourceId": existing.values.reference})


def _asked(resource: Resource, site: Site, request: Mapping[str, Any]) -> Values:
    token = str(resource.properties.get("ServiceToken"))
    try:
        function = site.deployed.function(token)
    except KeyError as error:
        raise resource.error("ServiceToken", str(error.args[0])) from error
    with _response_address() as (url, heard):
        answer = _answer(resource, site, function, {**_request(resource, site, url), **request}, heard)
    if answer.get("Status") != "SUCCESS":
        raise resource.error("ServiceToken", f"{function.name} answered {answer.get('Status')}: {answer.get('Reason', 'no reason')}")
    return Values(str(answer.get("PhysicalResourceId", resource.logical_id)), answer.get("Data") or {})


def _answer(resource: Resource, site: Site, function: Function, request: Mapping[str, Any], heard: Heard) -> dict[str, Any]:
    """Calls asynchronously, as CloudFormation does: what counts is the answer, not the function's end."""
    seconds = _service_timeout(resource)
    threading.Thread(target=lambda: heard.put(Ended(site.invoke(function, request))), name="custom-resource-call", daemon=True).start()
    try:
        first = heard.get(timeout=seconds)
    except Empty:
        raise resource.error("ServiceTimeout", f"{function.name} has not answered within {seconds} s") from None
    if isinstance(first, Ended):
        raise resource.error("ServiceToken", first.failure or f"{function.name} ended without an answer to its ResponseURL")
    return first


def _service_timeout(resource: Resource) -> int:
    seconds = resource.integer("ServiceTimeout", LONGEST_SERVICE_TIMEOUT)
    if not 1 <= seconds <= LONGEST_SERVICE_TIMEOUT:
        raise resource.error("ServiceTimeout", f"{seconds} is not between 1 and {LONGEST_SERVICE_TIMEOUT} seconds")
    return seconds


def _request(resource: Resource, site: Site, url: str) -> dict[str, Any]:
    return {
        "ResponseURL": url,
        "StackId": arn("cloudformation", f"stack/{site.stack}/{site.stack_id}"),
        "RequestId": str(uuid.uuid4()),
        "ResourceType": resource.type,
        "LogicalResourceId": resource.logical_id,
        "ResourceProperties": dict(resource.properties),
    }


@contextmanager
def _response_address() -> Iterator[tuple[str, Heard]]:
    """A URL that takes one PUT of JSON, as the signed S3 URL of the real service does, and the queue where it arrives."""
    heard: Heard = SimpleQueue()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            try:
                heard.put(json.loads(body))
            except ValueError:
                heard.put({"Status": "FAILED", "Reason": "the answer is not JSON"})
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Silence: one answer an hour needs no access log."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="custom-resource")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/{uuid.uuid4()}", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
