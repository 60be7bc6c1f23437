"""The lake: its objects, tables and queries."""

from collections.abc import Mapping

from regulars import ports
from regulars.wiring.installed import port


def lake() -> ports.ObjectStore:
    from regulars.adapters.s3_objects import S3Objects

    return port("lake", lambda c: S3Objects(c.lake_bucket))


def bucket(name: str) -> ports.ObjectStore:
    """One that an import reads: the lake's own, or the one that the template allows."""
    from regulars.adapters.s3_objects import S3Objects

    return port("bucket", lambda _: S3Objects(name))


def curate_state() -> ports.CurateStateStore:
    from regulars.adapters.dynamo_curate_state import DynamoCurateState

    return port("curate_state", lambda c: DynamoCurateState(c.state_table, before=c.runs_table))


def curate_trigger() -> ports.CurateTrigger:
    from regulars.adapters.lambda_trigger import LambdaCurateTrigger

    return port("curate_trigger", lambda c: LambdaCurateTrigger(c.curate_function))


def queries() -> ports.QueryEngine:
    from regulars.adapters.athena_queries import AthenaQueries

    return port("queries", lambda c: AthenaQueries(database=c.database, work_group=c.work_group))


def query_history() -> ports.QueryHistory:
    from regulars.adapters.athena_history import AthenaHistory

    return port("query_history", lambda c: AthenaHistory(c.work_group))


def lake_analyst() -> ports.LakeAnalyst:
    from regulars.adapters.lambda_lake_analyst import LambdaLakeAnalyst

    return port("lake_analyst", lambda c: LambdaLakeAnalyst(c.query_function))


def migration_files() -> Mapping[str, str]:
    from regulars.adapters.schema_files import migration_files as files_in

    return port("migration_files", lambda c: files_in(c.schema_dir))


def migration_log() -> ports.MigrationLog:
    from regulars.adapters.dynamo_migrations import DynamoMigrations

    return port("migration_log", lambda c: DynamoMigrations(c.state_table))


def table_catalog() -> ports.TableCatalog:
    from regulars.adapters.glue_tables import GlueTables

    return port("table_catalog", lambda c: GlueTables(c.database))
