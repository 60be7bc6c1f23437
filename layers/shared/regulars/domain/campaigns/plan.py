"""What a run asks of Athena, as text, and which snapshots it reads."""

from dataclasses import dataclass

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.snapshots import Snapshots

MAX_STATEMENTS_BYTES = 180_000
"""Step Functions passes at most 262,144 bytes from state to state (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html),
Athena takes as many in a query, and DynamoDB 400 KB for the record that keeps them."""

ATTEMPT = "<attempt>"
"""Stands in the SQL of UNLOAD for the folder of the attempt: the state machine makes up a new one each time, because UNLOAD wants an empty one."""


@dataclass(frozen=True)
class Statements:
    """What Athena is asked to do in the course of a run, as text."""

    assign: str
    unload: str
    record: str

    @property
    def size(self) -> int:
        """In bytes, as UTF-8."""
        return sum(len(text.encode()) for text in (self.assign, self.unload, self.record))


@dataclass(frozen=True)
class Plan:
    """What a run does. `snapshots` are those of the tables that the audience is taken from."""

    snapshots: Snapshots
    statements: Statements


def check_size(statements: Statements) -> None:
    """Raises InvalidRuleError for SQL that no run could carry."""
    if statements.size > MAX_STATEMENTS_BYTES:
        raise InvalidRuleError(
            f"compiles to {statements.size:,} bytes of SQL, and {MAX_STATEMENTS_BYTES:,} are allowed; "
            "make its segments smaller, for instance with a trait in place of a long list of users",
            field="audience",
        )
