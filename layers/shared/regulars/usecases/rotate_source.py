"""A new key for a source, while the old one goes on for a time."""

from datetime import timedelta

from regulars.domain.collection.source import digest_of
from regulars.ports import Clock, SourceStore
from regulars.usecases.issue_key import IssuedKey, issue_key


def rotate_source(name: str, *, overlap: timedelta, write_key: str = "", sources: SourceStore, clock: Clock) -> IssuedKey:
    """Raises NotFoundError, InvalidRequestError for an overlap or a key that cannot be, ConflictError for a key that is taken or too many of them."""
    kept, key, now = sources.get(name), issue_key(write_key), clock.now()
    rotated = kept.value.rotated(digest_of(key), at=now, overlap=overlap)
    sources.put(rotated, expected=kept.version)
    ends = [other.ends_at for other in rotated.keys if other.ends_at is not None]
    return IssuedKey(name, key, max(ends, default=None))
