"""`regulars campaign render`: one person's messages, device by device."""

import json
from typing import Any

from .client import Document
from .command import Session


def render(session: Session, campaign: str, user: str, variant: str) -> None:
    """Raises CommandError."""
    session.show(session.api.post("campaigns", campaign, "renderings", body={"user_id": user, "variant": variant}), _print)


def _print(found: Document) -> None:
    print(
        f"{found['user_id']} is in the arm {found['arm']}"
        + (": the campaign sends them nothing" if found["arm"] in ("control", "global control") else "")
    )
    for each in found["messages"]:
        print(f"\n{each['variant']}{' (their own)' if each['own'] else ''}, {each['device_id'] or 'no device'}: {_what(each)}")


def _what(message: Any) -> str:
    if message["outcome"] == "failed":
        return f"nothing: {message['field']}{': ' if message['field'] else ''}{message['because']} ({message['reason']})"
    return f"{message['bytes']} bytes\n{json.dumps(message['message'], indent=2, ensure_ascii=False)}"
