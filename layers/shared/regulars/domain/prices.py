"""What AWS charges for what Regulars uses, and what a thing therefore costs. One table, so that one look brings it up to date.

On demand, first tier, without free tiers, taxes, transfer to the internet or anybody's discount: an estimate for showing, not a bill.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

REGION = "us-east-1"
AS_OF = date(2026, 11, 21)
"""When the table was last gone through: against archived copies of the pages that it names, and price guides of 2024 to 2026."""


@dataclass(frozen=True)
class Price:
    """US dollars for `per` of `unit`; `source` is the page that says so."""

    usd: float
    per: int
    unit: str
    source: str

    def of(self, amount: float) -> float:
        """What `amount` units cost, in US dollars."""
        return amount * self.usd / self.per


PRICES: Mapping[str, Price] = MappingProxyType(
    {
        "athena_scan": Price(5.00, 10**12, "byte scanned", "https://aws.amazon.com/athena/pricing/"),
        "step_functions": Price(0.025, 1_000, "state transition, standard workflow", "https://aws.amazon.com/step-functions/pricing/"),
        "lambda_compute": Price(0.0000133334, 1, "GB-second, arm64", "https://aws.amazon.com/lambda/pricing/"),
        "lambda_request": Price(0.20, 10**6, "request", "https://aws.amazon.com/lambda/pricing/"),
        "dynamodb_write": Price(0.625, 10**6, "write request unit (1 KB)", "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
        "dynamodb_read": Price(0.125, 10**6, "read request unit (4 KB)", "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
        "s3_put": Price(0.005, 1_000, "PUT, COPY, POST or LIST request", "https://aws.amazon.com/s3/pricing/"),
        "s3_get": Price(0.0004, 1_000, "GET or other request", "https://aws.amazon.com/s3/pricing/"),
        "sqs_request": Price(0.40, 10**6, "request of 64 KB, standard queue", "https://aws.amazon.com/sqs/pricing/"),
        "http_api_request": Price(1.00, 10**6, "request of 512 KB", "https://aws.amazon.com/api-gateway/pricing/"),
    }
)

ATHENA_MEGABYTE = 10**6
"""Athena rounds up to a megabyte and charges 10 at least. The page does not say whether its units are decimal; these are, which
can only quote up to a tenth too much."""

ATHENA_LEAST_MEGABYTES = 10


def athena_usd(bytes_scanned: int) -> float:
    """One query. DDL and failed queries are free: do not ask for those."""
    megabytes = max(ATHENA_LEAST_MEGABYTES, _up(bytes_scanned, ATHENA_MEGABYTE))
    return PRICES["athena_scan"].of(megabytes * ATHENA_MEGABYTE)


def step_functions_usd(transitions: int) -> float:
    """Every state entered and every retry, the children of a distributed map included."""
    return PRICES["step_functions"].of(transitions)


def lambda_usd(requests: int, gigabyte_seconds: float) -> float:
    """Memory in GB (1,024 MB) times billed seconds, and the invocations."""
    return PRICES["lambda_request"].of(requests) + PRICES["lambda_compute"].of(gigabyte_seconds)


def dynamodb_usd(*, writes: float = 0, reads: float = 0) -> float:
    """Request units: 1 KB a write; 4 KB a strongly consistent read, half a unit where that is not asked for."""
    return PRICES["dynamodb_write"].of(writes) + PRICES["dynamodb_read"].of(reads)


def s3_usd(*, puts: int = 0, gets: int = 0) -> float:
    """Requests alone; LIST counts as a put."""
    return PRICES["s3_put"].of(puts) + PRICES["s3_get"].of(gets)


def sqs_usd(requests: int, message_bytes: int = 0) -> float:
    """Requests that each carry `message_bytes`: every 64 KB begun is a request."""
    return PRICES["sqs_request"].of(requests * max(1, _up(message_bytes, 64 * 1024)))


def http_api_usd(requests: int, request_bytes: int = 0) -> float:
    """Requests of `request_bytes`: every 512 KB begun is a request."""
    return PRICES["http_api_request"].of(requests * max(1, _up(request_bytes, 512 * 1024)))


def _up(amount: int, step: int) -> int:
    """How many steps hold the amount."""
    return -(-amount // step)
