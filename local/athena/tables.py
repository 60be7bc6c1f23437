"""Hive tables (JSON lines and Parquet) as DuckDB relations, reading only the partitions that the statement asks for."""

from datetime import UTC, datetime

from sqlglot import exp

from local.athena import catalog, predicates, projection, repacked
from local.athena.catalog import GlueTable, duckdb_type, quoted, text
from local.athena.errors import UnsupportedError
from local.athena.objects import for_duckdb
from local.athena.projection import Projection, Values
from local.athena.session import Session
from local.athena.translate import to_duckdb


def relation(session: Session, found: GlueTable, parts: list[exp.Expr]) -> str:
    """The table as `(SELECT ...)`; `parts` are the conditions that its rows must meet."""
    every = catalog.columns(found)
    projected = projection.of_table(found) if catalog.partition_keys(found) else None
    urls = _urls(session, found, projected, parts)
    if not urls:
        return f"(SELECT {', '.join(f'CAST(NULL AS {duckdb_type(kind)}) AS {quoted(name)}' for name, kind in every.items())} WHERE false)"
    keys = catalog.partition_keys(found)
    stored = {name: kind for name, kind in every.items() if name not in keys}
    values = [_stored(name, kind) for name, kind in stored.items()]
    values += [_projected(projected, name, every[name]) for name in keys] if projected else []
    return f"(SELECT {', '.join(values)} FROM {_reader(found, stored, urls)})"


def _urls(session: Session, found: GlueTable, projected: Projection | None, parts: list[exp.Expr]) -> list[str]:
    if projected is None:
        return list(session.objects.under(found["StorageDescriptor"]["Location"].rstrip("/") + "/"))
    projection.require_equality(projected, list(predicates.comparisons(parts)))

    def keep(candidates: list[Values]) -> set[Values]:
        return _kept(session, projected.keys, catalog.columns(found), candidates, parts)

    return projection.chosen(projected, list(session.objects.under(projected.prefix)), keep, datetime.now(UTC))


def _kept(session: Session, keys: tuple[str, ...], kinds: dict[str, str], candidates: list[Values], parts: list[exp.Expr]) -> set[Values]:
    """The candidates that meet every condition on partition columns alone: DuckDB says, by the same translation as the query itself."""
    about = [part for part in parts if {column.name.lower() for column in part.find_all(exp.Column)} <= set(keys)]
    if not about or not candidates:
        return set(candidates)
    bare = [part.copy().transform(lambda n: exp.column(n.name) if isinstance(n, exp.Column) else n) for part in about]
    condition = to_duckdb(exp.select("1").where(*bare)).split(" WHERE ", 1)[1]
    rows = ", ".join(f"({', '.join(text(value) for value in values)})" for values in candidates)
    raw = ", ".join(quoted(f"raw {key}") for key in keys)
    typed = ", ".join(f"CAST({quoted(f'raw {key}')} AS {duckdb_type(kinds[key])}) AS {quoted(key)}" for key in keys)
    return set(session.rows(f"SELECT {raw} FROM (SELECT {raw}, {typed} FROM (VALUES {rows}) AS v({raw})) WHERE {condition}"))


def _stored(name: str, kind: str) -> str:
    if duckdb_type(kind) == "TIMESTAMP":
        # A Hive timestamp has milliseconds in Athena: https://docs.aws.amazon.com/athena/latest/ug/data-types.html
        return f"trino_rounded({quoted(name)}, 1000) AS {quoted(name)}"
    return quoted(name)


def _projected(projected: Projection, name: str, kind: str) -> str:
    group = projected.order.index(name) + 1
    pattern = "[^:]+" + projected.pattern.removeprefix("s3")
    return f"CAST(regexp_extract(filename, {text(pattern)}, {group}) AS {duckdb_type(kind)}) AS {quoted(name)}"


def _reader(found: GlueTable, stored: dict[str, str], urls: list[str]) -> str:
    serde = found["StorageDescriptor"].get("SerdeInfo", {}).get("SerializationLibrary", "").lower()
    if "json" in serde:
        kinds = "{" + ", ".join(f"{text(name)}: {text(duckdb_type(kind))}" for name, kind in stored.items()) + "}"
        gzipped = urls[0].endswith(".gz")
        if any(url.endswith(".gz") != gzipped for url in urls):
            raise UnsupportedError("gzipped and plain JSON objects side by side")
        files = _listed([repacked.for_duckdb(url) if gzipped else for_duckdb(url) for url in urls])
        compression = "zstd" if gzipped else "none"
        return f"read_json({files}, format='newline_delimited', columns={kinds}, compression='{compression}', filename=true)"
    if "parquet" in serde:
        return f"read_parquet({_listed([for_duckdb(url) for url in urls])}, union_by_name=true, hive_partitioning=false, filename=true)"
    raise UnsupportedError(f"the SerDe {serde}")


def _listed(paths: list[str]) -> str:
    return "[" + ", ".join(map(text, paths)) + "]"
