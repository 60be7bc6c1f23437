"""The first step of a look back: how much there is to read, and the statement that has it written in shards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from regulars.domain.documents import JsonObject
from regulars.domain.journeys.look_back import LookBack, Question, past_prefix, plan_key, text_buckets_for
from regulars.domain.journeys.past_sql import how_many_sql, past_sql, shards_for
from regulars.domain.lake import sql
from regulars.domain.lake.buckets import BUCKETS
from regulars.ports import Clock, DefinitionStore, ObjectStore, QueryEngine
from regulars.usecases.look_back import planned

PLANS: TypeAdapter[LookBack] = TypeAdapter(LookBack)

_ATTEMPT = "<attempt>"
"""Stands in the SQL for the folder of the attempt: the state machine makes up a new one each time, because UNLOAD wants an empty one."""


@dataclass(frozen=True)
class PlannedReplay:
    """What the state machine passes on. Between the two parts of the UNLOAD it puts the name of a folder that nobody has used. `events` are those of
    everybody that the journeys would have had to look at, counted by reading `bytes_scanned`; `seconds` are what this took."""

    unload_before: str
    unload_after: str
    shards: Sequence[int]
    events: int
    bytes_scanned: int
    seconds: float


def plan_replay(
    look_back_id: str,
    journey_id: str,
    question: Question,
    *,
    draft: JsonObject | None = None,
    bucket: str,
    definitions: DefinitionStore,
    queries: QueryEngine,
    lake: ObjectStore,
    clock: Clock,
) -> PlannedReplay:
    """`bucket` is the lake's. What every shard goes by is written down once. Raises what `start_look_back` does, QueryFailedError,
    StoreUnavailableError."""
    begun = clock.now()
    asked = planned(journey_id, question, draft, definitions)
    counted = queries.run(how_many_sql(asked.books, question.start, question.end))
    (row,) = queries.fetched(counted.query_id)
    events = int(row["events"] or 0) * question.sample_buckets // BUCKETS
    shards = shards_for(events)
    look_back = replace(asked, text_buckets=text_buckets_for(events))
    lake.put(plan_key(look_back_id), PLANS.dump_json(look_back))
    select = past_sql(look_back.books, question.start, question.end, sample_buckets=question.sample_buckets, shards=shards)
    unload = sql.unload(select, f"s3://{bucket}/{past_prefix(look_back_id)}{_ATTEMPT}/", partitioned_by="shard")
    before, _, after = unload.rpartition(_ATTEMPT)
    return PlannedReplay(before, after, range(shards), events, counted.bytes_scanned, (clock.now() - begun).total_seconds())
