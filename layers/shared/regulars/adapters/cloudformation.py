"""The answer that CloudFormation waits for when it calls a custom resource.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

import json
import time
import urllib.request
from collections.abc import Mapping
from typing import Any

LONGEST_REASON = 500
"""Characters, of up to six bytes in JSON. An answer of more than 4096 bytes is not read, and then a deploy hangs after all."""


PAUSES = (1.0, 2.0)
"""Seconds before the second try and the third: with three of 10 seconds each, an answer takes 33 at most."""


def answer(event: Mapping[str, Any], *, succeeded: bool, reason: str, data: Mapping[str, str]) -> None:
    """PUTs SUCCESS or FAILED to the request's presigned ResponseURL. Without it a deploy hangs until the resource's ServiceTimeout.

    Raises OSError where the third try fails too.
    """
    body = json.dumps(
        {
            "Status": "SUCCESS" if succeeded else "FAILED",
            "Reason": reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1] + "…",
            "PhysicalResourceId": event.get("PhysicalResourceId") or event["LogicalResourceId"],
            "StackId": event["StackId"],
            "RequestId": event["RequestId"],
            "LogicalResourceId": event["LogicalResourceId"],
            "Data": dict(data),
        }
    ).encode()
    # The presigned URL is signed without a content type, so none may be sent.
    request = urllib.request.Request(event["ResponseURL"], data=body, method="PUT", headers={"Content-Type": ""})
    _put(request, PAUSES)


def _put(request: urllib.request.Request, pauses: tuple[float, ...]) -> None:
    try:
        with urllib.request.urlopen(request, timeout=10):
            pass
    except OSError:
        if not pauses:
            raise
        time.sleep(pauses[0])
        _put(request, pauses[1:])
