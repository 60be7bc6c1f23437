"""The one moment at which the secret that a source signs its content with is told."""

from dataclasses import dataclass
from datetime import datetime

from regulars.domain.content.signature import SigningSecret
from regulars.ports import Clock, SigningSecrets, SourceStore


@dataclass(frozen=True)
class IssuedSecret:
    """`name` is the source's. The secret before goes on until `before_ends_at`, if there was one."""

    name: str
    secret: str
    before_ends_at: datetime | None


def issue_secret(name: str, *, sources: SourceStore, secrets: SigningSecrets, clock: Clock) -> IssuedSecret:
    """A new one. Raises NotFoundError where there is no such source, StoreUnavailableError."""
    source, kept, now = sources.get(name).value, secrets.get(name), clock.now()
    made = kept.rotated(at=now) if kept else SigningSecret.made(source.name, at=now)
    secrets.put(made)
    return IssuedSecret(name, made.text, made.before_ends_at)
