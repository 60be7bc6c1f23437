"""What a run cost, in dollars by service: queries as Athena counted them, everything else from how many people and shards there were.

Prices are of us-east-1, on demand, as remembered on 2026-11-21; they are here and nowhere else for runs.
"""

from collections.abc import Iterable

ATHENA_PER_TB = 5.0
ATHENA_LEAST_BYTES = 10_000_000
"""https://aws.amazon.com/athena/pricing/: "a 10MB minimum per query"."""
TRANSITIONS_PER_DOLLAR = 40_000
"""Step Functions, standard workflows: $0.025 per 1,000 state transitions."""
GB_SECOND = 0.0000133334
"""Lambda on arm64."""
WRITE_REQUEST = 0.625 / 1_000_000
READ_REQUEST = 0.125 / 1_000_000
"""DynamoDB on demand."""
S3_PUT = 0.005 / 1_000
S3_GET = 0.0004 / 1_000

_RUN_TRANSITIONS = 9
_SHARD_TRANSITIONS = 4
_WINDOW = 500
_DELIVER_GB = 1769 / 1024
_PUSHES_A_SECOND = 3_000
"""A cautious guess for one vCPU: the bare sender made 10,000 (reference/push-fcm.md)."""


def athena_cost(scans: Iterable[int]) -> float:
    """Of queries that scanned so many bytes each."""
    return sum(max(scanned, ATHENA_LEAST_BYTES) for scanned in scans) / 1e12 * ATHENA_PER_TB


def run_cost(scans: Iterable[int], *, treated: int, pushes: int, shards: int) -> dict[str, float]:
    """Dollars by service, and their total. All but Athena's is an estimate: nobody counts Lambda's milliseconds here."""
    windows = -(-treated // _WINDOW)
    parts = {
        "athena": athena_cost(scans),
        "step_functions": (_RUN_TRANSITIONS + _SHARD_TRANSITIONS * shards) / TRANSITIONS_PER_DOLLAR,
        "lambda": (pushes / _PUSHES_A_SECOND + 2 * (3 + shards)) * _DELIVER_GB * GB_SECOND,
        "dynamodb": windows * WRITE_REQUEST + treated * READ_REQUEST,
        "s3": windows * (S3_PUT + S3_GET) + shards * (S3_PUT + S3_GET),
    }
    return {**{name: round(dollars, 8) for name, dollars in parts.items()}, "total": round(sum(parts.values()), 8)}
