"""HTTP API -> console: the static pages of the web console, which then talks to the admin API as anybody may."""

import base64
from typing import Any

from regulars import wiring
from regulars.usecases.serve_console import SignIn, serve_console

ROOT = "/console"


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    headers, config = event.get("headers", {}), wiring.config()
    page = serve_console(
        event["rawPath"].removeprefix(ROOT),
        known=headers.get("if-none-match", ""),
        accepted=headers.get("accept-encoding", ""),
        sign_in=SignIn(config.sign_in_url, config.browser_client, config.console_url),
        files=wiring.console_files(),
    )
    body = base64.b64encode(page.body).decode()
    return {"statusCode": page.status, "headers": dict(page.headers), "body": body, "isBase64Encoded": True}
