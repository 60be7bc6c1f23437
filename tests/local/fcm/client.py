"""A client of the double that has nothing in common with our sender: httpx and PyJWT."""

import ssl
import time
from typing import Any

import httpx
import jwt

from local.fcm import FcmDouble

TOKEN = "token-1:APA91b" + "x" * 100
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Client:
    def __init__(self, double: FcmDouble, *, http2: bool = True) -> None:
        self.account = double.service_account
        trust = ssl.create_default_context(cafile=str(double.ca_path))
        self.http = httpx.Client(base_url=double.url, verify=trust, http2=http2, trust_env=False)
        self.path = f"/v1/projects/{self.account['project_id']}/messages:send"

    def mint(self, key: str = "", **changes: Any) -> httpx.Response:
        """Asks for an access token with the usual claims but for `changes`; None takes a claim away."""
        now = int(time.time())
        claims = {
            "iss": self.account["client_email"],
            "aud": self.account["token_uri"],
            "scope": "https://www.googleapis.com/auth/firebase.messaging",
            "iat": now,
            "exp": now + 3600,
            **changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        assertion = jwt.encode(claims, key or self.account["private_key"], algorithm="RS256")
        return self.http.post("/token", data={"grant_type": GRANT, "assertion": assertion})

    def authorize(self) -> "Client":
        self.http.headers["authorization"] = f"Bearer {self.mint().json()['access_token']}"
        return self

    def send(self, message: object = None, **request: Any) -> httpx.Response:
        body = {"message": {"token": TOKEN, "data": {"k": "v"}} if message is None else message, **request}
        return self.http.post(self.path, json=body)
