"""The end of all keys of a source. What it sent stays."""

from regulars.ports import Clock, SourceStore
from regulars.usecases.list_sources import SourceSummary, summary_of


def revoke_source(name: str, *, sources: SourceStore, clock: Clock) -> SourceSummary:
    """Raises NotFoundError, ConflictError where somebody changes it meanwhile."""
    kept, now = sources.get(name), clock.now()
    revoked = kept.value.revoked(now)
    if revoked != kept.value:
        sources.put(revoked, expected=kept.version)
    return summary_of(revoked, now)
