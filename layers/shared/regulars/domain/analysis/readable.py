"""What of the lake may be read by SQL of one's own: the same that `LakeReaderPolicy` opens (`tests/infra/test_iam.py` compares the two)."""

from collections.abc import Sequence
from typing import Final

from regulars.domain.lake import tables
from regulars.domain.lake.tables import Table

TABLES: Final[Sequence[Table]] = (tables.EVENTS, tables.PEOPLE, tables.IDENTITIES, tables.ASSIGNMENTS, tables.DELIVERIES, tables.RESULTS)

VIEWS: Final = (
    *("orders", "months", "customers", "customer_months", "cohorts", "flow_by_month", "campaign_effects", "programme"),
    *("journey_steps", "journey_messages", "journey_runs"),
)
"""Over those tables."""

NAMES: Final = frozenset({*(table.name for table in TABLES), *VIEWS})


def table_named(name: str) -> Table | None:
    return next((table for table in TABLES if table.name == name), None)
