"""How slow, how reliable and how exact the services are, for whoever wants to see what the code makes of it.

    {"latency": {"dynamodb": 5, "s3": 20},        milliseconds that each call takes longer
     "throttle": {"dynamodb": 0.1},               share of calls that the service turns away as too many
     "queue_lag": 60,                             seconds that SQS's counts are behind
     "seed": 7}                                   of the draws for `throttle`

`interception` does it to each call that a boto3 client of this process makes. What the local Athena reads and writes by itself is not touched, and
neither is who comes in through the AWS endpoint from outside. `regulars up --latency`, `POST /__admin/faults` at the API's address and,
in a test, `injected(latency={"s3": 20})` set them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

THROTTLES: Final[Mapping[str, tuple[int, str]]] = {
    "athena": (400, "TooManyRequestsException"),
    "cloudwatch": (400, "ThrottlingException"),
    "dynamodb": (400, "ProvisionedThroughputExceededException"),
    "glue": (400, "ThrottlingException"),
    "lambda": (429, "TooManyRequestsException"),
    "logs": (400, "ThrottlingException"),
    "s3": (503, "SlowDown"),
    "secretsmanager": (400, "ThrottlingException"),
    "sqs": (403, "RequestThrottled"),
    "stepfunctions": (400, "ThrottlingException"),
}
"""The services by boto3's names, and how each says that it is asked too much: status and code."""


class InvalidFaultError(ValueError):
    """A fault that nobody knows here; the text says what there is."""


@dataclass(frozen=True)
class Faults:
    """What is asked for; nothing by default."""

    latency: Mapping[str, float] = field(default_factory=dict)
    throttle: Mapping[str, float] = field(default_factory=dict)
    queue_lag: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        _check(self.latency, "latency", "milliseconds", most=60_000)
        _check(self.throttle, "throttle", "a share of the calls", most=1)
        _number(self.queue_lag, "queue_lag", "seconds", most=3600)
        _number(self.seed, "seed", "a number", most=2**63)

    def changed(self, document: object) -> "Faults":
        """These, with what a request's body names. Raises InvalidFaultError."""
        names = [each.name for each in fields(self)]
        if not isinstance(document, dict):
            raise InvalidFaultError(f"faults are a JSON object with some of {', '.join(names)}")
        if unknown := sorted(set(document) - set(names)):
            raise InvalidFaultError(f"unknown fault {unknown[0]!r}; there are {', '.join(names)}")
        return replace(self, **{name: getattr(Faults(), name) if value is None else value for name, value in document.items()})


def _check(by_service: object, name: str, unit: str, *, most: float) -> None:
    if not isinstance(by_service, Mapping):
        raise InvalidFaultError(f'{name} names services, as in {{"s3": 1}}')
    for service, value in by_service.items():
        if service not in THROTTLES:
            raise InvalidFaultError(f"{name}: unknown service {service!r}; there are {', '.join(THROTTLES)}")
        _number(value, f"{name}.{service}", unit, most=most)


def _number(value: object, name: str, unit: str, *, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise InvalidFaultError(f"{name} is {unit}, from 0 to {most:g}")


# In force in this process.
_current = Faults()


def current() -> Faults:
    """Those in force."""
    return _current


def inject(faults: Faults) -> None:
    """These from now on, in place of what was in force."""
    global _current
    _current = faults


@contextmanager
def injected(**asked: Any) -> Iterator[None]:
    """For as long as this lasts: `injected(latency={"dynamodb": 5})`. Raises InvalidFaultError."""
    before = current()
    inject(before.changed(asked))
    try:
        yield
    finally:
        inject(before)


def parsed_latency(text: str) -> Mapping[str, float]:
    """`dynamodb=5,s3=20`, in milliseconds. Raises InvalidFaultError."""
    try:
        pairs = [part.split("=") for part in text.split(",") if part]
        return Faults(latency={service.strip(): float(milliseconds) for service, milliseconds in pairs}).latency
    except InvalidFaultError:
        raise
    except ValueError:
        raise InvalidFaultError(f"{text!r} is no latency: services with milliseconds, as in dynamodb=5,s3=20") from None
