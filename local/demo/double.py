"""What arrived at the FCM double: a look that only a platform of our own allows."""

import json
import ssl
import urllib.request
from collections.abc import Mapping
from typing import Any


def accepted_pushes(info: Mapping[str, str]) -> list[dict[str, Any]]:
    """The FCM messages that it answered 200, in order of arrival; `info` is what `regulars up` says."""
    trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=info["ca"]))
    without_proxy = urllib.request.ProxyHandler({})
    with urllib.request.build_opener(trust, without_proxy).open(info["fcm"] + "/__admin/messages?since=0") as answer:
        return [message["body"]["message"] for message in json.load(answer)["messages"] if message["answer"] == 200]
