"""Who may tell of content: whoever signs what they send with a secret that only they and we know.

    Regulars-Signature: t=1764230400,v1=5257a869e7...

`t` is when it was signed, in seconds since 1970; `v1` the HMAC-SHA256, in hexadecimal, of `t`, a full stop and the body as it is sent, keyed with the
secret (https://www.rfc-editor.org/rfc/rfc2104). A write key stands in every app; this secret never leaves the publisher's server.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from regulars.domain.errors import InvalidSignatureError

HEADER: Final = "regulars-signature"
TOLERANCE: Final = timedelta(minutes=5)
"""How far the moment of signing may be from now: a call that somebody recorded is of no use for longer."""
OVERLAP: Final = timedelta(days=1)
"""How long the secret before goes on, once there is a new one."""
_MOST_SIGNATURES: Final = 5
_UNSIGNED: Final = "this call must be signed: Regulars-Signature: t=<seconds since 1970>,v1=<HMAC-SHA256 of t, a full stop and the body>"


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """Of the content of `source`. `before` is the one that it replaced, which goes on until `before_ends_at`."""

    source: str
    text: str
    made_at: datetime
    before: str = ""
    before_ends_at: datetime | None = None

    @classmethod
    def made(cls, source: str, *, at: datetime) -> "SigningSecret":
        """A new one of 32 random bytes, more than which HMAC-SHA256 has no use for."""
        return cls(source, secrets.token_hex(32), at)

    def rotated(self, *, at: datetime) -> "SigningSecret":
        return replace(self.made(self.source, at=at), before=self.text, before_ends_at=at + OVERLAP)

    def valid(self, now: datetime) -> Iterable[str]:
        goes_on = self.before_ends_at is not None and now < self.before_ends_at
        return (self.text, self.before) if goes_on else (self.text,)


def signature(secret: str, at: datetime, body: bytes) -> str:
    """The header's value."""
    seconds = str(int(at.timestamp()))
    return f"t={seconds},v1={_mac(secret, seconds, body)}"


def require_signed(stated: str, body: bytes, secret: SigningSecret, now: datetime) -> None:
    """Raises InvalidSignatureError unless the header's value `stated` signs this body, within TOLERANCE of now."""
    pairs = [tuple(part.strip().partition("=")[::2]) for part in stated.split(",")]
    moments = [value for name, value in pairs if name == "t"]
    given = [value for name, value in pairs if name == "v1"][:_MOST_SIGNATURES]
    if len(moments) != 1 or not moments[0].isascii() or not moments[0].isdecimal() or len(moments[0]) > 12 or not given:
        raise InvalidSignatureError(_UNSIGNED)
    expected = [_mac(each, moments[0], body) for each in secret.valid(now)]
    matched = [hmac.compare_digest(one.encode(), other.encode("utf-8", "surrogatepass")) for one in expected for other in given]
    if not any(matched):
        raise InvalidSignatureError("the signature is not that of this body with this source's secret")
    if abs(now.timestamp() - int(moments[0])) > TOLERANCE.total_seconds():
        signed = datetime.fromtimestamp(int(moments[0]), UTC) if int(moments[0]) < 32_503_680_000 else None
        raise InvalidSignatureError(f"it was signed at {signed or 'no moment'}, more than five minutes from now: is the clock right?")


def _mac(secret: str, seconds: str, body: bytes) -> str:
    return hmac.new(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
