"""Looking again at the segments that are to be refreshed: what is due is asked, what was asked is compared, and who came and went is told.

Each segment for itself: what is wrong with one is kept with it, and the others go on. A look that dies, or meets a store that does not answer, is
gone on with by the next: the same lists are compared again, and the same events told. Of two looks at once the second keeps nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.definitions import Definition, documents_of
from regulars.domain.errors import ConflictError, InfrastructureError, NotFoundError, RefusedError
from regulars.domain.evaluations import Evaluation
from regulars.domain.refreshes import Refresh
from regulars.domain.segments import parse_segment
from regulars.ports import (
    Clock,
    CurateStateStore,
    DefinitionStore,
    EvaluationStore,
    EventQueue,
    ObjectStore,
    QueryEngine,
    RefreshStore,
    Stored,
    TableCatalog,
)
from regulars.usecases.ask_refresh import ask_refresh
from regulars.usecases.evaluation_record import settled
from regulars.usecases.reach_segments import reached
from regulars.usecases.tell_transitions import Told, tell_transitions

AT_ONCE: Final = 20
"""How many segments are asked about at a time. Athena runs 150 queries or more of an account at once, and others ask too:
https://docs.aws.amazon.com/athena/latest/ug/service-limits.html"""

MARGIN: Final = timedelta(seconds=90)
"""With less time left nothing is begun or waited for: the next look goes on."""


@dataclass
class Refreshed:
    """Ids of segments: those whose people were compared, those that are still being asked about, and those that failed, each with the reason. And how
    many people came and went."""

    refreshed: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    entered: int = 0
    exited: int = 0


def refresh(
    only: str = "",
    *,
    time_left: Callable[[], timedelta],
    bucket: str,
    definitions: DefinitionStore,
    evaluations: EvaluationStore,
    refreshes: RefreshStore,
    curate_state: CurateStateStore,
    queries: QueryEngine,
    catalog: TableCatalog,
    lake: ObjectStore,
    queue: EventQueue,
    clock: Clock,
) -> Refreshed:
    """One look at every segment that is due or under way; at `only` this one, be it due or not. `bucket` is the name of the lake's.

    Raises StoreUnavailableError where nothing can be looked at.
    """
    known = definitions.all("segment")
    look = _Look(known, bucket, definitions, evaluations, refreshes, queries, catalog, lake, queue, clock)
    through = curate_state.get().value.finished_started_at
    wanted = [each.id for each in known if not each.archived and "refresh" in each.document and only in ("", each.id)]
    for start in range(0, len(wanted), AT_ONCE):
        if time_left() < MARGIN:
            break
        begun = [each for segment_id in wanted[start : start + AT_ONCE] if (each := look.begin(segment_id, through, due_or_not=bool(only)))]
        for stored in begun:
            look.finish(stored, within=max(time_left() - MARGIN, timedelta()))
    return look.done


@dataclass(frozen=True)
class _Look:
    known: Sequence[Definition]
    bucket: str
    definitions: DefinitionStore
    evaluations: EvaluationStore
    refreshes: RefreshStore
    queries: QueryEngine
    catalog: TableCatalog
    lake: ObjectStore
    queue: EventQueue
    clock: Clock
    done: Refreshed = field(default_factory=Refreshed)

    def begin(self, segment_id: str, through: datetime, *, due_or_not: bool) -> Stored[Refresh] | None:
        """What is under way of a segment, since now or before; None where nothing is."""
        stored = self.refreshes.get(segment_id)
        if stored.value.asked:
            return stored
        try:
            found = reached(segment_id, self.known, definitions=self.definitions)
            every = found.segment.refresh
            as_of = through if due_or_not else stored.value.due(every, through) if every else None
            if as_of is None:
                return None
            asked = ask_refresh(
                stored.value,
                found,
                as_of=as_of,
                through=through,
                bucket=self.bucket,
                evaluations=self.evaluations,
                queries=self.queries,
                catalog=self.catalog,
                clock=self.clock,
            )
            return self._kept(stored, stored.value.asking(asked.evaluation, asked.base))
        except RefusedError as error:
            self._fail(stored, str(error))
        except InfrastructureError as error:
            self.done.failed[segment_id] = str(error)
        return None

    def finish(self, stored: Stored[Refresh], *, within: timedelta) -> None:
        segment_id = stored.value.segment_id
        try:
            evaluation = self._over(stored.value, within)
            if not evaluation.is_over:
                self.done.waiting.append(segment_id)
            elif evaluation.state != "succeeded":
                self._fail(stored, evaluation.reason or evaluation.state)
            else:
                self._settle(stored, evaluation)
        except RefusedError as error:
            self._fail(stored, str(error))
        except InfrastructureError as error:
            self.done.failed[segment_id] = str(error)

    def _over(self, state: Refresh, within: timedelta) -> Evaluation:
        asked = self.evaluations.get(state.segment_id, state.asked)
        if not asked.is_over:
            self.queries.wait(asked.query_id, within=within)
        return settled(asked, evaluations=self.evaluations, queries=self.queries, lake=self.lake)

    def _settle(self, stored: Stored[Refresh], evaluation: Evaluation) -> None:
        told = self._told(stored.value, evaluation)
        if self._kept(stored, stored.value.settled(evaluation, entered=told.entered, exited=told.exited, at=self.clock.now())):
            self.done.refreshed.append(evaluation.segment_id)
            self.done.entered += told.entered
            self.done.exited += told.exited

    def _told(self, state: Refresh, evaluation: Evaluation) -> Told:
        """Nobody where there is no list to compare with: the people are learned."""
        before = state.comparable(evaluation)
        if before is None:
            return Told()
        segment = parse_segment(documents_of(self.known)[evaluation.segment_id])
        try:
            manifest = self.evaluations.get(evaluation.segment_id, before.evaluation_id).manifest
            return tell_transitions(manifest, evaluation, segment, queries=self.queries, lake=self.lake, queue=self.queue, clock=self.clock)
        except NotFoundError:  # lists are kept for 90 days
            return Told()

    def _fail(self, stored: Stored[Refresh], reason: str) -> None:
        """What is wrong with the segment itself, or what Athena says of its query, is kept; what a store did not do is done by the next look."""
        self.done.failed[stored.value.segment_id] = reason
        self._kept(stored, stored.value.failed(reason, self.clock.now()))

    def _kept(self, stored: Stored[Refresh], state: Refresh) -> Stored[Refresh] | None:
        try:
            self.refreshes.put(state, expected=stored.version)
        except ConflictError:  # another look was first, and goes on with what it asked
            return None
        return Stored(state, stored.version + 1)
