"""What a run cost, in dollars by service: queries as Athena counted them, everything else estimated from people and shards."""

from collections.abc import Iterable

from regulars.domain import prices
from regulars.domain.campaigns.run import MAX_SHARDS, PEOPLE_PER_SHARD, Dollars
from regulars.domain.delivery.recipients import WINDOW, block_size

RUN_TRANSITIONS = 10
"""States of a run that goes well, the end of the map included."""
SHARD_TRANSITIONS = 4
RUN_QUERIES = 5
"""Assign, the UNLOAD, what sizes the run and what counts it, Record."""
RUN_REQUESTS = 3
"""Plan, Shard and Conclude."""
CONTROL_GB_SECONDS = 3.0
"""Of those three together: a few seconds each of half a gigabyte."""
DELIVER_GB = 1769 / 1024
PUSHES_PER_SECOND = 3_000
"""A cautious guess for one vCPU: the bare sender made 10,000."""


def expected_cost(scanned: int, *, treated: int, pushes: int, noted: int) -> Dollars:
    """What a run would cost. `scanned` is what one query read that asked for its people and devices, as Assign and the UNLOAD do together; the others
    read next to nothing, for which Athena charges its least."""
    shards = min(MAX_SHARDS, -(-treated // PEOPLE_PER_SHARD))
    return run_cost([scanned, *[0] * (RUN_QUERIES - 1)], treated=treated, pushes=pushes, noted=noted, shards=shards)


def run_cost(scans: Iterable[int], *, treated: int, pushes: int, noted: int, shards: int) -> Dollars:
    """Dollars by service, and their `total`. `scans` are the bytes that each query read, `noted` the people for whom a message was noted, so that
    caps can hold: a read and a write each."""
    windows, blocks = -(-treated // WINDOW), -(-pushes // block_size(PUSHES_PER_SECOND))
    gigabyte_seconds = CONTROL_GB_SECONDS + (pushes / PUSHES_PER_SECOND + 2 * shards) * DELIVER_GB
    parts = {
        "athena": sum(prices.athena_usd(scanned) for scanned in scans),
        "step_functions": prices.step_functions_usd(RUN_TRANSITIONS + SHARD_TRANSITIONS * shards),
        "lambda": prices.lambda_usd(RUN_REQUESTS + shards, gigabyte_seconds),
        "dynamodb": prices.dynamodb_usd(writes=blocks + 2 * shards + 3 + noted, reads=treated + windows + noted),
        "s3": prices.s3_usd(puts=windows + 2 * shards + 1, gets=shards + 1),
    }
    return {**{name: round(dollars, 8) for name, dollars in parts.items()}, "total": round(sum(parts.values()), 8)}
