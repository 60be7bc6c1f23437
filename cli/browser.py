"""A person's sign-in: authorization code with PKCE, in the person's own browser, which comes back to a port of this machine.

RFC 7636 (PKCE), RFC 8252 section 7.3 (native apps, loopback redirect);
https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
"""

import hashlib
import secrets
import sys
import threading
import time
import webbrowser
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from .discovery import SignIn
from .errors import CommandError
from .oauth import Tokens, ask_for_token
from .transport import require_private

CALLBACK_PORTS: Final = (8411, 8412, 8413)
"""A user pool compares the whole redirect URI, port and all: these are BrowserClient's in template.yaml."""

PATIENCE_SECONDS: Final = 300
"""An authorization code itself is valid for five minutes."""


def sign_in(where: SignIn, client_id: str) -> Tokens:
    """Opens the browser, waits for it to come back, and changes the code that it brings for tokens. Raises CommandError."""
    verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(32)
    with _listener() as server:
        redirect_uri = f"http://127.0.0.1:{server.server_port}/"
        question = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "code_challenge_method": "S256",
            "code_challenge": challenge(verifier),
        }
        _show(f"{require_private(where.authorization_endpoint)}?{urlencode(question)}")
        code = server.code(state)
    form = {"grant_type": "authorization_code", "client_id": client_id, "redirect_uri": redirect_uri, "code": code, "code_verifier": verifier}
    return ask_for_token(where.token_endpoint, form)


def challenge(verifier: str) -> str:
    """RFC 7636, 4.2: S256."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _show(address: str) -> None:
    """The address first, and the browser beside us: one in the terminal (lynx, a script in BROWSER) does not return before it has come back here."""
    print(f"Your browser opens; else open in one of this machine:\n\n  {address}\n", file=sys.stderr, flush=True)
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


class _Callback(BaseHTTPRequestHandler):
    server: "_Listener"
    timeout = 10

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path != "/":  # a browser also asks for an icon
            self.send_error(404)
            return
        answer = {name: values[0] for name, values in parse_qs(parts.query).items()}
        refusal = self.server.received(answer)
        body = f"<!doctype html><title>Regulars</title><p>{escape(refusal or 'Signed in. You can close this page.')}".encode()
        self.send_response(400 if refusal else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Listener(HTTPServer):
    """Takes the one answer that carries our state; any other page on this machine may knock here too."""

    state = ""
    answer: Mapping[str, str] | None = None

    def received(self, answer: Mapping[str, str]) -> str:
        """Keeps the answer; what is wrong with it, or nothing."""
        if not secrets.compare_digest(answer.get("state", "").encode(), self.state.encode()):
            return "This is not the answer to a sign-in that was begun here."
        self.answer = answer
        return "" if "code" in answer else f"The sign-in was refused: {answer.get('error_description') or answer.get('error', 'no reason given')}"

    def code(self, state: str) -> str:
        """Waits for the browser. Raises CommandError for a refusal, or after PATIENCE_SECONDS."""
        self.state = state
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.answer is None:
            self.timeout = deadline - time.monotonic()
            if self.timeout <= 0:
                raise CommandError(f"nobody signed in within {PATIENCE_SECONDS} s", code="timeout", advice="Run the command again.")
            self.handle_request()
        if "code" not in self.answer:
            raise CommandError(self.received(self.answer), code=self.answer.get("error", "failed"))
        return self.answer["code"]


def _listener() -> _Listener:
    for port in CALLBACK_PORTS:
        try:
            return _Listener(("127.0.0.1", port), _Callback)
        except OSError:
            continue
    raise CommandError(
        f"none of the ports {', '.join(map(str, CALLBACK_PORTS))} of this machine is free, and the browser must come back to one of them",
        code="no_free_port",
        advice="Stop what listens there, or sign in as a program: `regulars login` without --browser.",
    )
