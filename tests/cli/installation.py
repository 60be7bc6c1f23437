"""An installation that one can sign in to: the local user pool before an API that knows one list."""

import json
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

from local.resources.model import OAuthClient
from local.runtime.http import FrontDoor
from local.runtime.http_events import Answer, Request, message
from local.runtime.jwt import Authorizer, Granted, Issuer
from local.runtime.oauth import UserPool, WithUserPool

ISSUER = "https://cognito.example/pool"
SCOPES = ("regulars/read", "regulars/write")
WHO = "login_hint=otto"


def client(client_id: str, *, secret: str | None, flow: str, callback_urls: tuple[str, ...] = (), access_seconds: int = 3600) -> OAuthClient:
    return OAuthClient(client_id, secret, (flow,), SCOPES, callback_urls, (), access_seconds, 12 * 3600, 60)


@dataclass
class Installation:
    """`tokens` are those that the API was shown, in turn; `address` is set once it listens."""

    pool: UserPool
    authorizer: Authorizer
    address: str = ""
    tokens: list[str] = field(default_factory=list)

    def handle(self, request: Request) -> Answer:
        if request.path == "/admin/openapi.json":
            return self._json({"components": {"securitySchemes": {"admin": self.scheme()}}})
        header = next((value for name, value in request.headers if name.lower() == "authorization"), "")
        self.tokens.append(header.removeprefix("Bearer "))
        if not isinstance(self.authorizer.check(header, ["regulars/read"]), Granted):
            return message(401, "Unauthorized")
        return self._json({"segments": []})

    def scheme(self) -> dict[str, object]:
        token = f"{self.address}/oauth2/token"
        person = {"authorizationUrl": f"{self.address}/oauth2/authorize", "tokenUrl": token, "x-client-id": "browser"}
        return {"flows": {"clientCredentials": {"tokenUrl": token, "x-client-id": "operator"}, "authorizationCode": person}}

    @staticmethod
    def _json(document: object) -> Answer:
        return Answer(200, (("content-type", "application/json"),), json.dumps(document).encode())

    def restart(self) -> None:
        """Other keys, as after a new `regulars up`: tokens of before are worth nothing."""
        issuer = Issuer()
        self.pool._issuer = issuer
        self.authorizer = Authorizer(ISSUER, ["operator", "browser"], issuer.keys)


def open_installation(callback_urls: tuple[str, ...], access_seconds: int = 3600) -> tuple[Installation, FrontDoor]:
    clients = [
        client("operator", secret="s3cret&+", flow="client_credentials", access_seconds=access_seconds),
        client("browser", secret=None, flow="code", callback_urls=callback_urls, access_seconds=access_seconds),
    ]
    issuer = Issuer()
    pool = UserPool(clients, issuer, ISSUER)
    installation = Installation(pool, Authorizer(ISSUER, ["operator", "browser"], issuer.keys))
    door = FrontDoor(WithUserPool(pool, installation), 0)
    installation.address = door.url
    return installation, door


def browser(*addresses: Callable[[str], str]) -> Callable[[str], bool]:
    """Opens what each of `addresses` makes of the address that it is given, in another thread, as a browser does; refusals are pages too.

    Who one is stands in the address: else a page of the local user pool would ask.
    """

    def visit(address: str) -> None:
        for make in addresses:
            try:
                urllib.request.build_opener(urllib.request.ProxyHandler({})).open(make(f"{address}&{WHO}"), timeout=10).close()
            except urllib.error.HTTPError as error:
                error.close()

    def open_it(address: str) -> bool:
        threading.Thread(target=visit, args=(address,), daemon=True).start()
        return True

    return open_it
