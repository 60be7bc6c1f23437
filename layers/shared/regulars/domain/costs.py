"""What a day cost: of the services that tell exactly what this installation used of them, which is Athena.

No other service does, for one stack. Lambda tells durations and not what is billed, SQS messages and not requests, Step Functions no transitions of a
state machine, S3 no requests unless that is paid for; and none of them has a local double whose figures would be those of AWS. Athena tells of each
statement what it scanned, here and there alike. docs/operations.md says how the whole bill is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Final, Literal

from regulars.domain.queries import QueryState, query_usd

COUNTED: Final = ("Athena",)
NOT_COUNTED: Final = ("API Gateway", "CloudWatch", "DynamoDB", "Lambda", "S3", "SQS", "Step Functions")

Purpose = Literal["data", "audiences", "questions", "upkeep"]
"""What a statement is for: bringing new events and people into the lake, an audience or an export, a question, keeping tables small."""

_PURPOSES: Final[Mapping[str, Purpose]] = MappingProxyType(
    {"INSERT": "data", "MERGE": "data", "UPDATE": "data", "DELETE": "data", "UNLOAD": "audiences", "OPTIMIZE": "upkeep", "VACUUM": "upkeep"}
)


@dataclass(frozen=True)
class Statement:
    """One that Athena was given. `verb` is the first word of its text, in capitals; `kind` is Athena's StatementType."""

    at: datetime
    verb: str
    kind: str
    state: QueryState
    bytes_scanned: int

    @property
    def purpose(self) -> Purpose:
        return _PURPOSES.get(self.verb, "questions")

    @property
    def cost_usd(self) -> float:
        """Only DML is charged (https://aws.amazon.com/athena/pricing/); what still runs costs nothing yet."""
        return query_usd(self.state, self.bytes_scanned) if self.kind == "DML" else 0.0


@dataclass(frozen=True)
class DayCost:
    """A day of UTC. `by_purpose` has US dollars, and adds up to `cost_usd`."""

    day: date
    statements: int = 0
    bytes_scanned: int = 0
    cost_usd: float = 0.0
    by_purpose: Mapping[Purpose, float] = field(default_factory=dict)


def costs_by_day(statements: Iterable[Statement], days: Iterable[date]) -> Sequence[DayCost]:
    """One for each of the days, whether or not anything was asked on it."""
    found: defaultdict[date, list[Statement]] = defaultdict(list)
    for each in statements:
        found[each.at.astimezone(UTC).date()].append(each)
    return [_cost(day, found[day]) for day in days]


def _cost(day: date, statements: Sequence[Statement]) -> DayCost:
    parts: dict[Purpose, float] = {"data": 0.0, "audiences": 0.0, "questions": 0.0, "upkeep": 0.0}
    for each in statements:
        parts[each.purpose] += each.cost_usd
    return DayCost(day, len(statements), sum(each.bytes_scanned for each in statements), sum(parts.values()), parts)
