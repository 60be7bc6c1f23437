"""What AWS charges for what Regulars uses, and what a thing therefore costs. One table, so that one look brings it up to date.

On demand, first tier, without free tiers, taxes or anybody's discount: an estimate for showing, not a bill.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

REGION = "us-east-1"
AS_OF = date(2026, 11, 26)
"""When the table was last gone through: against archived copies of the pages that it names, and price guides of 2024 to 2026. docs/costs.md says
which of them no page could be found for."""


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
        "dynamodb_storage": Price(0.25, 10**9, "byte-month of items", "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
        "dynamodb_recovery": Price(0.20, 10**9, "byte-month, point-in-time recovery", "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
        "s3_put": Price(0.005, 1_000, "PUT, COPY, POST or LIST request", "https://aws.amazon.com/s3/pricing/"),
        "s3_get": Price(0.0004, 1_000, "GET or other request", "https://aws.amazon.com/s3/pricing/"),
        "s3_storage": Price(0.023, 10**9, "byte-month, Standard", "https://aws.amazon.com/s3/pricing/"),
        "sqs_request": Price(0.40, 10**6, "request of 64 KB, standard queue", "https://aws.amazon.com/sqs/pricing/"),
        "sqs_fifo_request": Price(0.50, 10**6, "request of 64 KB, FIFO queue", "https://aws.amazon.com/sqs/pricing/"),
        "http_api_request": Price(1.00, 10**6, "request of 512 KB", "https://aws.amazon.com/api-gateway/pricing/"),
        "log_ingestion": Price(0.50, 10**9, "byte of a log line, Standard class", "https://aws.amazon.com/cloudwatch/pricing/"),
        "log_storage": Price(0.03, 10**9, "byte-month of logs", "https://aws.amazon.com/cloudwatch/pricing/"),
        "metric": Price(0.30, 1, "month of a custom metric", "https://aws.amazon.com/cloudwatch/pricing/"),
        "alarm": Price(0.10, 1, "month of an alarm's metric, standard resolution", "https://aws.amazon.com/cloudwatch/pricing/"),
        "secret": Price(0.40, 1, "month of a secret", "https://aws.amazon.com/secrets-manager/pricing/"),
        "secret_request": Price(0.05, 10_000, "API call", "https://aws.amazon.com/secrets-manager/pricing/"),
        "schedule": Price(1.00, 10**6, "invocation by EventBridge Scheduler", "https://aws.amazon.com/eventbridge/pricing/"),
        "glue_request": Price(1.00, 10**6, "request to the Data Catalog", "https://aws.amazon.com/glue/pricing/"),
        "token": Price(2.25, 1_000, "token of a program (client credentials)", "https://aws.amazon.com/cognito/pricing/"),
        "mail": Price(2.00, 100_000, "notification by email", "https://aws.amazon.com/sns/pricing/"),
        "transfer_out": Price(0.09, 10**9, "byte to the internet", "https://aws.amazon.com/ec2/pricing/on-demand/"),
    }
)

ATHENA_MEGABYTE = 10**6
"""Athena rounds up to a megabyte and charges 10 at least. The page does not say whether its units are decimal; these are, which
can only quote up to a tenth too much."""

ATHENA_LEAST_MEGABYTES = 10


SQS_UNIT = 64 * 1024
HTTP_API_UNIT = 512 * 1024
DYNAMODB_WRITE_UNIT = 1024
DYNAMODB_READ_UNIT = 4096


def usd(amounts: Mapping[str, float]) -> float:
    """Amounts by the name of their price."""
    return sum(PRICES[name].of(amount) for name, amount in amounts.items())


def athena_billed(bytes_scanned: int) -> int:
    """Bytes that one query is charged for. DDL and failed queries are free: do not ask for those."""
    return max(ATHENA_LEAST_MEGABYTES, _up(bytes_scanned, ATHENA_MEGABYTE)) * ATHENA_MEGABYTE


def athena_usd(bytes_scanned: int) -> float:
    """One query."""
    return PRICES["athena_scan"].of(athena_billed(bytes_scanned))


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


def sqs_units(message_bytes: int) -> int:
    """A request that carries so much is charged as so many: every 64 KB begun is one."""
    return max(1, _up(message_bytes, SQS_UNIT))


def sqs_usd(requests: int, message_bytes: int = 0) -> float:
    """Requests that each carry `message_bytes`."""
    return PRICES["sqs_request"].of(requests * sqs_units(message_bytes))


def http_api_usd(requests: int, request_bytes: int = 0) -> float:
    """Requests of `request_bytes`: every 512 KB begun is a request."""
    return PRICES["http_api_request"].of(requests * max(1, _up(request_bytes, HTTP_API_UNIT)))


def dynamodb_write_units(item_bytes: int) -> int:
    """A write, whether its condition holds or not: every KB begun."""
    return max(1, _up(item_bytes, DYNAMODB_WRITE_UNIT))


def dynamodb_read_units(item_bytes: int, *, strong: bool) -> float:
    """A read of one item, there or not, or of one query's items together: every 4 KB begun, half where it need not be strongly consistent."""
    return max(1, _up(item_bytes, DYNAMODB_READ_UNIT)) * (1.0 if strong else 0.5)


def _up(amount: int, step: int) -> int:
    """How many steps hold the amount."""
    return -(-amount // step)
