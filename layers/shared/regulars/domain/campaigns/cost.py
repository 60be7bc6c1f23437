"""What a run cost, in dollars by service: queries as Athena counted them, everything else estimated from people and shards."""

from collections.abc import Iterable
from datetime import timedelta
from math import ceil

from regulars.domain import prices
from regulars.domain.campaigns.promises import most_shards
from regulars.domain.campaigns.run import PEOPLE_PER_SHARD, Dollars
from regulars.domain.delivery.held import LONGEST_REST
from regulars.domain.delivery.policy import Policy
from regulars.domain.delivery.recipients import WINDOW, block_size

RUN_TRANSITIONS = 10
"""States of a run that goes well, the end of the map included."""
SHARD_TRANSITIONS = 4
LOOK_TRANSITIONS = 3
"""Breathe, Deliver and Delivered, each LONGEST_REST while a shard waits for somebody's hour."""
RUN_QUERIES = 5
"""Assign, the UNLOAD, what sizes the run and what counts it, Record."""
RUN_REQUESTS = 3
"""Plan, Shard and Conclude."""
CONTROL_GB_SECONDS = 3.0
"""Of those three together: a few seconds each of half a gigabyte."""
DELIVER_GB = 1769 / 1024
PUSHES_PER_SECOND = 3_000
"""A cautious guess for one vCPU: the bare sender made 10,000."""


def expected_cost(scanned: int, *, treated: int, pushes: int, noted: int, policy: Policy) -> Dollars:
    """What a run would cost. `scanned` is what one query read that asked for its people and devices, as Assign and the UNLOAD do together; the others
    read next to nothing, for which Athena charges its least. Where the `policy` holds people back, it is the price of the longest wait."""
    shards, held = min(most_shards(policy), -(-treated // PEOPLE_PER_SHARD)), policy.longest_hold
    return run_cost([scanned, *[0] * (RUN_QUERIES - 1)], treated=treated, pushes=pushes, noted=noted, shards=shards, held=held)


def run_cost(scans: Iterable[int], *, treated: int, pushes: int, noted: int, shards: int, held: timedelta) -> Dollars:
    """Dollars by service, and their `total`. `scans` are the bytes that each query read, `noted` the people for whom a message was noted, so that
    caps can hold: a read and a write each. For so long was somebody `held` back: then each shard is looked at again and again."""
    looks = shards * ceil(held / LONGEST_REST)
    windows, blocks = -(-treated // WINDOW), -(-pushes // block_size(PUSHES_PER_SECOND))
    gigabyte_seconds = CONTROL_GB_SECONDS + (pushes / PUSHES_PER_SECOND + 2 * shards) * DELIVER_GB
    parts = {
        "athena": sum(prices.athena_usd(scanned) for scanned in scans),
        "step_functions": prices.step_functions_usd(RUN_TRANSITIONS + SHARD_TRANSITIONS * shards + LOOK_TRANSITIONS * looks),
        "lambda": prices.lambda_usd(RUN_REQUESTS + shards + looks, gigabyte_seconds),
        "dynamodb": prices.dynamodb_usd(writes=blocks + 2 * shards + 3 + noted, reads=treated + windows + noted + looks),
        "s3": prices.s3_usd(puts=windows + 2 * shards + 1, gets=shards + 1 + looks),
    }
    return {**{name: round(dollars, 8) for name, dollars in parts.items()}, "total": round(sum(parts.values()), 8)}
