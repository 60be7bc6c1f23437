"""The page where one of the local people is chosen: Cognito's managed login has its place on AWS. It needs no script, and has no password.

https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html
"""

from dataclasses import dataclass
from html import escape
from typing import Final

from local.runtime.http_events import Answer


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the local user pool. `group` is one of template.yaml's; `may` says in words what it lets them do."""

    username: str
    name: str
    group: str
    may: str


PEOPLE: Final = (
    Person("mara", "Mara, marketer", "marketer", "sees, changes and launches"),
    Person("ana", "Ana, analyst", "analyst", "sees"),
    Person("otto", "Otto, operator", "operator", "sees and changes, and launches nothing"),
    Person("petra", "Petra, privacy officer", "privacy_officer", "sees, exports and erases people"),
)

_STYLE: Final = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 16px}"
    "button{font:inherit;display:block;width:100%;text-align:left;margin:8px 0;padding:12px 16px;border-radius:10px;border:1px solid;cursor:pointer;"
    "background:Field;color:FieldText}small{display:block}"
)
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


def sign_in_page() -> Answer:
    """The form is posted to the address that the page itself has, so that what was asked for goes with it."""
    buttons = "".join(
        f'<button name="username" value="{each.username}">{escape(each.name)}<small>{escape(each.may)}</small></button>' for each in PEOPLE
    )
    body = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Sign in to Regulars on this machine</title><style>{_STYLE}</style><main><h1>Who are you today?</h1>"
        f"<p>This machine only: nobody needs a password here.</p>"
        f'<form method="post">{buttons}</form></main></html>'
    ).encode()
    headers = (("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store"), ("content-security-policy", _POLICY))
    return Answer(200, headers, body)
