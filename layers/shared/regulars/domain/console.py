"""What the console's pages are served as: which files there are, what each is, how long it may be kept, and what a page of ours may do.

The security headers are in this one place. They are those of https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP for a page without any inline
script or style, with Trusted Types enforced (https://www.w3.org/TR/trusted-types/): no text of anybody's can become markup or script.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PAGE: Final = "index.html"
"""What every address of a screen is answered with: which screen it is, the page itself finds out."""

SIGN_IN: Final = "config.json"
"""Not a file: where people sign in, which differs from one installation to the next."""

FOLDERS: Final = ("model", "parts", "screens", "texts", "vendor")

PEOPLE: Final = "people/"
"""Of the ids that stand in addresses only a person's may have a dot, as in `people/ada@shop.example`."""

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "css": "text/css; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "json": "application/json",
        "svg": "image/svg+xml",
        "txt": "text/plain; charset=utf-8",
    }
)
"""By what a file's name ends with. A file of another kind is not served."""

_NAME = r"[a-z0-9](?:[a-z0-9_-]|\.(?!\.))*"
_FILE = re.compile(rf"(?:(?:{'|'.join(FOLDERS)})/(?:{_NAME}/)*)?{_NAME}\.({'|'.join(MEDIA_TYPES)})")
_HASHED = re.compile(r"(?:vendor|texts)/.+-[0-9a-f]{8,}\.\w+")


def asked_for(path: str) -> str | None:
    """The name of the file that a path below /console means; None where it cannot be the name of any.

    A path whose last part has no dot is a screen's, and means the page; so does any below PEOPLE. Names go down into known folders only, so that none
    leads out of them.
    """
    path = path.strip("/")
    if "." not in path.rpartition("/")[2] or path.startswith(PEOPLE):
        return PAGE
    return path if _FILE.fullmatch(path) else None


def media_type(name: str) -> str:
    return MEDIA_TYPES[name.rpartition(".")[2]]


def kept(name: str) -> str:
    """Cache-Control: a file whose name has the hash of its content never changes; every other is asked for again, and answered 304 where it is the
    same."""
    return "public, max-age=31536000, immutable" if _HASHED.fullmatch(name) else "no-cache"


def security_headers(sign_in_url: str) -> Mapping[str, str]:
    """Of every answer. `sign_in_url` is where a code is changed for a token, which is the only other place that the page talks to."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": f"'self' {sign_in_url}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "strict-transport-security": "max-age=31536000",
    }
