"""How a query ends other than well.

The numbers of AthenaError are documented at
https://docs.aws.amazon.com/athena/latest/ug/error-reference.html (category: 1 system, 2 user, 3 other). The types below are plausible
ones of category 2 and were not compared with AWS: rely on the words of StateChangeReason, as Athena's own users do.
"""

USER_CATEGORY = 2
SYSTEM_CATEGORY = 1


class StatementFailedError(Exception):
    """The query ends FAILED. `reason` starts with Trino's error name, as in `COLUMN_NOT_FOUND: line 1:8: ...`."""

    def __init__(self, reason: str, *, category: int = USER_CATEGORY, error_type: int = 1301) -> None:
        super().__init__(reason)
        self.reason = reason
        self.category = category
        self.error_type = error_type


class UnsupportedError(StatementFailedError):
    """Athena may be able to, but this engine can't do it as Athena does: it fails instead of guessing."""

    def __init__(self, what: str) -> None:
        super().__init__(f"EMULATOR_UNSUPPORTED: {what}", error_type=1100)


class StatementCancelledError(Exception):
    """The query ends CANCELLED, by StopQueryExecution (no reason) or by the work group's limit of scanned bytes."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


SCAN_LIMIT_REASON = "Bytes scanned limit was exceeded"


def table_not_found(database: str, name: str) -> StatementFailedError:
    return StatementFailedError(f"TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.{database}.{name}' does not exist")
