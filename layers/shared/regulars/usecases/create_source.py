"""A new source, with its first key."""

from regulars.domain.collection.source import Source, digest_of, source_name
from regulars.ports import Clock, SourceStore
from regulars.usecases.issue_key import IssuedKey, issue_key


def create_source(name: str, *, write_key: str = "", sources: SourceStore, clock: Clock) -> IssuedKey:
    """`write_key` is one that apps carry already; else one is made up.

    Raises InvalidRequestError for a name or key that cannot be, ConflictError for one that is taken.
    """
    key = issue_key(write_key)
    sources.put(Source.created(source_name(name), digest_of(key), at=clock.now()), expected=0)
    return IssuedKey(name, key)
