"""What browser and mobile clients ask for before they send: where to send it."""

from typing import Any


def client_settings(write_key: str, host: str) -> dict[str, Any]:
    """The answer to `GET /v1/projects/{key}/settings`, with what analytics-next, analytics-kotlin and analytics-swift read of it.

    `host` is the API's, without a scheme; `apiHost` is where the client puts `/t` or `/b` behind.
    """
    destination = {"apiKey": write_key, "apiHost": f"{host}/v1", "unbundledIntegrations": [], "addBundledMetadata": True}
    return {
        "integrations": {"Segment.io": destination},
        "plan": {"track": {}, "identify": {}, "group": {}},
        "edgeFunction": {},
        "metrics": {"sampleRate": 0},
    }
