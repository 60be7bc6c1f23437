"""`regulars campaign check` and `test`: what FCM says of each message, one by one."""

from .client import Document
from .command import Session
from .errors import CommandError
from .output import print_table

_COLUMNS = ("variant", "device", "FCM", "code", "field", "what it said")


def check(session: Session, campaign: str, user: str, variant: str) -> None:
    """Raises CommandError where FCM does not take all of them."""
    _told(session, session.api.post("campaigns", campaign, "check", body={"user_id": user, "variant": variant}), code="message_refused")


def test(session: Session, campaign: str, user: str, variant: str) -> None:
    """Raises CommandError where a device did not get its message."""
    _told(session, session.api.post("campaigns", campaign, "test", body={"user_id": user, "variant": variant}), code="not_sent")


def _told(session: Session, checked: Document, *, code: str) -> None:
    session.show(checked, _print)
    wrong = [one for one in checked["messages"] if one["outcome"] != "accepted"]
    if wrong:
        first = ": ".join(text for text in (wrong[0]["field"], wrong[0]["message"]) if text)
        raise CommandError(f"{len(wrong)} of {len(checked['messages'])} messages: {first}", code=code)


def _print(checked: Document) -> None:
    accepted = "sent" if checked["sent"] else "takes it"
    rows = [
        [one["variant"], _whose(one), accepted if one["outcome"] == "accepted" else one["outcome"], one["code"], one["field"], one["message"]]
        for one in checked["messages"]
    ]
    print_table(_COLUMNS, rows, free=_COLUMNS[-2:])


def _whose(one: Document) -> str:
    return str(one["device_id"] or (f"in {one['locale']}" if one.get("locale") else ""))
