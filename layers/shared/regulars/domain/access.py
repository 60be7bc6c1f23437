"""Who asks, and what they may: the claims of an access token, read.

A user pool's client has the same scopes for everybody who signs in with it, so a person's rights are those of their groups (`cognito:groups`), and
whoever is in none may nothing. A program has its client's scopes and no groups.
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, get_args

from regulars.domain.errors import ForbiddenError, SignInAgainError

Scope = Literal["regulars/read", "regulars/write", "regulars/send", "regulars/query", "regulars/privacy"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

GROUPS: Mapping[str, tuple[Scope, ...]] = MappingProxyType(
    {
        "marketer": ("regulars/read", "regulars/write", "regulars/send"),
        "analyst": ("regulars/read", "regulars/query"),
        "operator": ("regulars/read", "regulars/write"),
        "privacy_officer": ("regulars/read", "regulars/privacy"),
    }
)

FRESH: Final = timedelta(minutes=10)
"""How long after somebody signed in they may do what cannot be taken back: whoever finds a browser open cannot send with it an hour later."""


@dataclass(frozen=True)
class Caller:
    """`id` is a person's subject, or a program's client. `signed_in_at` is when a person last said who they are; a program has none."""

    id: str
    name: str
    scopes: Sequence[Scope]
    is_person: bool
    groups: Sequence[str] = ()
    signed_in_at: datetime | None = None

    def require(self, scope: Scope) -> None:
        """Raises ForbiddenError."""
        if scope in self.scopes:
            return
        if not self.is_person:
            raise ForbiddenError(f"this needs the scope {scope}, and {self.id} has {' '.join(self.scopes) or 'none'}")
        groups = ", ".join(group for group, granted in GROUPS.items() if scope in granted)
        mine = f"are in {', '.join(self.groups)}" if self.groups else "are in no group"
        raise ForbiddenError(
            f"this needs the right {scope}, which the groups {groups} have, and you {mine}: an administrator of the user pool adds you"
        )

    def require_fresh_sign_in(self, now: datetime) -> None:
        """Raises SignInAgainError. A program has no moment at which somebody signed in, and is not asked for one."""
        if self.is_person and (self.signed_in_at is None or now - self.signed_in_at > FRESH):
            raise SignInAgainError(f"this cannot be taken back: sign in again (within {FRESH.seconds // 60} minutes before it)")


def caller_of(claims: Mapping[str, str]) -> Caller:
    """The claims as API Gateway hands them on, all of them as texts. Only the token of a program names its client as its subject."""
    subject, client = claims.get("sub", ""), claims.get("client_id", "")
    granted = [scope for scope in SCOPES if scope in claims.get("scope", "").split()]
    if subject == client:
        return Caller(subject or "unknown", client or "unknown", granted, is_person=False)
    groups = claims.get("cognito:groups", "").strip("[]").split()
    held = {scope for group in groups for scope in GROUPS.get(group, ())}
    signed_in = claims.get("auth_time", "")
    at = datetime.fromtimestamp(int(signed_in), UTC) if signed_in.isdecimal() else None
    return Caller(subject, claims.get("username", subject), [scope for scope in granted if scope in held], True, groups, at)
