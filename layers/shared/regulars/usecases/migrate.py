"""Creates the lake's tables: the DDL files of infra/athena, in the order of their names. Each says IF NOT EXISTS, so it can be run again."""

from collections.abc import Mapping

from regulars.ports import QueryEngine


def migrate(*, queries: QueryEngine, ddl: Mapping[str, str], bucket: str) -> list[str]:
    """Runs each statement with `${LakeBucket}` replaced; returns the file names. Raises QueryFailedError, naming Athena's reason.

    Only that one name is replaced: `${dt}` and the like belong to Athena's partition projection.
    """
    names = sorted(ddl)
    for name in names:
        text = "\n".join(line for line in ddl[name].splitlines() if not line.lstrip().startswith("--"))
        queries.run(text.replace("${LakeBucket}", bucket))
    return names
