"""What browser and mobile clients ask for before they send."""

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


def source_config(source: str) -> dict[str, Any]:
    """The answer to `GET /sourceConfig/`, with what @rudderstack/analytics-js 3.34.1 reads of it.

    It wants an id, a config and a list of destinations (`isValidSourceConfig` of its source), sends nothing for a source that is not enabled, and
    asks nobody else for a source without destinations. Reports about itself are off where the config says so (`isErrorReportingEnabled`,
    `isMetricsReportingEnabled`).
    """
    quiet = {"errors": {"enabled": False}, "metrics": {"enabled": False}}
    told = {"id": source, "name": source, "workspaceId": "regulars", "enabled": True, "config": {"statsCollection": quiet}, "destinations": []}
    return {"source": told}
