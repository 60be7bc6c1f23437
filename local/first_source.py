"""The source of a local platform, there before the first request: what an operator on AWS does with `regulars source create`."""

from datetime import UTC, datetime, timedelta
from typing import Final

SOURCE: Final = "local"
OVERLAP: Final = timedelta(days=7)


class _Now:
    def now(self) -> datetime:
        return datetime.now(UTC)


def ensure_source(table: str, *, wanted: str | None, kept: str | None = None) -> str:
    """A valid write key: `wanted`, else the one that a folder kept, else a new one. Of SOURCE, unless another source has it already.

    A kept key that somebody rotated or revoked since stays so, and the keys that took its place go on. Raises RefusedError for a wanted key that
    can be none, or that has ended.
    """
    from regulars.adapters.dynamo_sources import DynamoSources
    from regulars.domain.collection.source import digest_of
    from regulars.domain.errors import NotFoundError
    from regulars.usecases.create_source import create_source
    from regulars.usecases.rotate_source import rotate_source

    sources, clock = DynamoSources(table), _Now()
    key, now = wanted or kept or "", clock.now()
    if digest_of(key) in {each.digest for source in sources.all() for each in source.keys if each.is_valid(now)}:
        return key
    try:
        sources.get(SOURCE)
    except NotFoundError:
        return create_source(SOURCE, write_key=key, sources=sources, clock=clock).write_key
    overlap = timedelta() if wanted else OVERLAP
    return rotate_source(SOURCE, overlap=overlap, write_key=wanted or "", sources=sources, clock=clock).write_key
