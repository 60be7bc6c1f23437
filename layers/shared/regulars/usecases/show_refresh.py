"""How a segment's refreshing stands, and a look at it now."""

from dataclasses import dataclass
from datetime import datetime

from regulars.domain.definitions import Definition
from regulars.domain.errors import ConflictError
from regulars.domain.queries import query_usd
from regulars.domain.refreshes import Refresh
from regulars.domain.segments import parse_segment
from regulars.ports import DefinitionStore, RefreshStore, RefreshTrigger


@dataclass(frozen=True)
class RefreshShown:
    """`every` as the segment says it, None where it is not refreshed; counts are of the last look that succeeded, in people. `error` says why the
    last one failed. Money is an estimate."""

    segment_id: str
    every: str | None
    as_of: datetime | None
    count: int | None
    entered: int
    exited: int
    bytes_scanned: int
    cost_usd: float
    refreshed_at: datetime | None
    evaluation: str | None
    under_way: bool
    error: str | None
    failed_at: datetime | None


def show_refresh(segment_id: str, *, definitions: DefinitionStore, refreshes: RefreshStore) -> RefreshShown:
    """Raises NotFoundError."""
    return _shown(definitions.get("segment", segment_id), refreshes.get(segment_id).value)


def refresh_now(segment_id: str, *, definitions: DefinitionStore, refreshes: RefreshStore, trigger: RefreshTrigger) -> RefreshShown:
    """Asks for a look and says how it stands before.

    Raises NotFoundError, RunnerUnavailableError, and ConflictError for a segment that is not refreshed.
    """
    segment = definitions.get("segment", segment_id)
    if segment.archived or parse_segment(segment.document).refresh is None:
        raise ConflictError(f'segment {segment_id} is not refreshed: put it with "refresh": "1h"')
    trigger.start(segment_id)
    return _shown(segment, refreshes.get(segment_id).value)


def _shown(segment: Definition, state: Refresh) -> RefreshShown:
    listed = state.listed
    return RefreshShown(
        segment_id=segment.id,
        every=segment.document.get("refresh"),
        as_of=listed.as_of if listed else None,
        count=listed.count if listed else None,
        entered=state.entered,
        exited=state.exited,
        bytes_scanned=state.bytes_scanned,
        cost_usd=query_usd("succeeded", state.bytes_scanned) if listed else 0.0,
        refreshed_at=state.refreshed_at,
        evaluation=listed.evaluation_id if listed else None,
        under_way=bool(state.asked),
        error=state.error or None,
        failed_at=state.failed_at,
    )
