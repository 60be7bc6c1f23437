"""moto's Athena, made to execute: the SQL text that Athena would get is translated to DuckDB and runs over moto's S3 objects and Glue tables.

`install()` patches moto once for the process; nothing heavy (DuckDB, pyarrow, pyiceberg) is imported before the first query.

Which module does what, in the order of a query:

- `engine` answers the API calls: work groups, states, idempotency tokens, paging; `metadata_api` those by which drivers look around, `history` those
  that tell which queries there were.
- `execution` runs one query: `statements` says what the text is; `tables`, `projection` and `iceberg` make its tables readable;
  `translate` and `functions` turn Trino's SQL into DuckDB's.
- `definitions`, `alterations`, `iceberg_write` and `unload` are the statements that write; `optimize` and `vacuum` keep tables, as `properties`
  say; `views` keeps and reads views; `shows` and `information_schema` say what there is; `results` prints values as Athena prints them.
- `objects` is moto's S3 as DuckDB and pyiceberg see it, and counts the bytes that they read; `repacked` makes gzipped ones cheap to read again.

What Athena does and this does not is refused with `EMULATOR_UNSUPPORTED`, never guessed: unknown functions, roles and privileges,
prepared statements, INSERT into Hive tables, formats of UNLOAD other than JSON, changes of a table other than ADD COLUMNS and SET TBLPROPERTIES.
"""


def install() -> None:
    """Makes moto's Athena execute in this process. Calling it again changes nothing."""
    from local.athena import engine

    engine.install()


def stop() -> None:
    """Cancels what still runs, ends the worker threads, and gives moto its own Athena back."""
    from local.athena import engine

    engine.stop()
