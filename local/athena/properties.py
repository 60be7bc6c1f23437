"""TBLPROPERTIES of Iceberg tables: the few that Athena takes, and what they say about OPTIMIZE and VACUUM.

The list: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html#querying-iceberg-table-properties. Sizes of files
(`write_target_data_file_size_bytes`, `optimize_rewrite_min_data_file_size_bytes` and its `max`) were on it until 2023 and are not now, so they
are refused here: what a deploy relies on must be what the documentation promises.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pyiceberg.table import Table

from local.athena.errors import StatementFailedError

DATA_FILE_THRESHOLD = "optimize_rewrite_data_file_threshold"
DELETE_FILE_THRESHOLD = "optimize_rewrite_delete_file_threshold"
MIN_SNAPSHOTS = "vacuum_min_snapshots_to_keep"
MAX_AGE = "vacuum_max_snapshot_age_seconds"
METADATA_FILES = "vacuum_max_metadata_files_to_keep"

_DEFAULTS = {DATA_FILE_THRESHOLD: 5, DELETE_FILE_THRESHOLD: 2, MIN_SNAPSHOTS: 1, MAX_AGE: 432_000, METADATA_FILES: 100}
_OTHERS = frozenset({"table_type", "format", "write_compression", "compression_level", "write_data_path_enabled"})
_LARGEST_THRESHOLD = 49
"""\"Must be less than 50\", of both thresholds: Athena User Guide of 2023, querying-iceberg-creating-tables."""


@dataclass(frozen=True)
class Maintenance:
    """What the table's properties say, or their defaults."""

    data_file_threshold: int
    """OPTIMIZE leaves a partition alone that has fewer files to rewrite than this."""
    min_snapshots: int
    max_age_seconds: int
    metadata_files: int
    """How many metadata files VACUUM keeps beside the newest."""


def of(table: Table) -> Maintenance:
    said = {name: int(table.properties.get(name, default)) for name, default in _DEFAULTS.items()}
    return Maintenance(said[DATA_FILE_THRESHOLD], said[MIN_SNAPSHOTS], said[MAX_AGE], said[METADATA_FILES])


def require_known(said: Mapping[str, str]) -> None:
    """Raises StatementFailedError for a name that Athena does not take in TBLPROPERTIES."""
    if unknown := [name for name in said if name not in _DEFAULTS and name not in _OTHERS]:
        raise StatementFailedError(f"Unsupported table property key: {unknown[0]}", error_type=1200)


def kept(said: Mapping[str, str]) -> dict[str, str]:
    """Those for OPTIMIZE and VACUUM, which Iceberg's metadata keeps. Raises StatementFailedError for a number that Athena refuses."""
    found = {name: value for name, value in said.items() if name in _DEFAULTS}
    for name, value in found.items():
        _require_number(name, value)
    return found


def _require_number(name: str, value: str) -> None:
    most = _LARGEST_THRESHOLD if name.startswith("optimize_") else None
    if not value.isdecimal() or int(value) < 1 or (most and int(value) > most):
        allowed = f"a whole number from 1 to {most}" if most else "a whole number from 1"
        raise StatementFailedError(f"Invalid value of the table property {name}: {value}; it takes {allowed}", error_type=1200)
