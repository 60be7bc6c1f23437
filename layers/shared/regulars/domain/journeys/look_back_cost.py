"""What a look back costs, and what its journeys would have cost while they ran. Estimates, at `prices`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from regulars.domain.prices import athena_usd, lambda_usd, s3_usd, step_functions_usd, usd

TRANSITIONS: Final = 5
"""PlanReplay, UnloadPast, ReplayAll, MergeReplay, Done."""

TRANSITIONS_PER_SHARD: Final = 2
"""ReplayShard and Replayed: every state of a child counts."""

_INPUT: Final = {"sqs_fifo_request": 3.0, "dynamodb_read": 1.0, "lambda_request": 1.0, "lambda_compute": 0.02}
"""An event that a journey names, or a timer: sent, received and deleted alone; read; and 20 ms of a function of a gigabyte, which is a guess, for
nobody has measured it on AWS. Batches of ten, as there are where much happens, are a tenth of the requests."""

_MOVE: Final = {"dynamodb_write": 3.0, "sqs_request": 1.0}
"""One that moves somebody: the state, and in the index the old place and the new one; and the way that they went, told to the lake."""

_MESSAGE: Final = {"dynamodb_write": 2.0, "dynamodb_read": 2.0, "sqs_request": 1.0}
"""The state without its outbox, and the contact; person, devices, contacts and consent; and what became of it, told."""


@dataclass(frozen=True)
class Running:
    """What a journey would have cost: `inputs` are the events that it would have had to look at, of everybody; `usd` if each came alone."""

    inputs: int
    moves: int
    messages: int
    usd: float
    usd_per_million_moves: float


@dataclass(frozen=True)
class LookBackCost:
    """US dollars, and what they are for."""

    athena: float
    lambdas: float
    step_functions: float
    s3: float

    @property
    def usd(self) -> float:
        return self.athena + self.lambdas + self.step_functions + self.s3


def running(inputs: int, moves: int, messages: int) -> Running:
    parts = ((_INPUT, max(inputs, moves)), (_MOVE, moves), (_MESSAGE, messages))
    cost = sum(amount * usd(units) for units, amount in parts)
    return Running(inputs, moves, messages, round(cost, 6), round(1e6 * cost / moves, 4) if moves else 0.0)


def look_back_cost(scans: Iterable[int], seconds: Sequence[float], gigabytes: float, shards: int) -> LookBackCost:
    """`scans` are the bytes that each query read, `seconds` those of each call of a function. What Athena reads and writes in S3 is not counted."""
    return LookBackCost(
        athena=round(sum(athena_usd(scanned) for scanned in scans), 8),
        lambdas=round(lambda_usd(len(seconds), sum(seconds) * gigabytes), 8),
        step_functions=round(step_functions_usd(TRANSITIONS + shards * TRANSITIONS_PER_SHARD), 8),
        s3=round(s3_usd(puts=shards + 2, gets=3 * shards + 1), 8),
    )
