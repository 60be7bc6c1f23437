"""What a query text asks for: which statement it is, and its tree. Athena parses before it answers StartQueryExecution, and so does this."""

import re
from dataclasses import dataclass, field
from enum import StrEnum, auto

from sqlglot import exp

from local.athena.errors import StatementFailedError, UnsupportedError
from local.athena.translate import parsed


class Kind(StrEnum):
    SELECT = auto()
    INSERT = auto()
    DELETE = auto()
    UPDATE = auto()
    MERGE = auto()
    UNLOAD = auto()
    CREATE_TABLE = auto()
    CREATE_TABLE_AS = auto()
    CREATE_DATABASE = auto()
    CREATE_VIEW = auto()
    DROP_TABLE = auto()
    DROP_VIEW = auto()
    DROP_DATABASE = auto()
    ADD_COLUMNS = auto()
    SET_PROPERTIES = auto()
    OPTIMIZE = auto()
    VACUUM = auto()
    DESCRIBE = auto()
    SHOW_TABLES = auto()
    SHOW_VIEWS = auto()
    SHOW_DATABASES = auto()
    SHOW_COLUMNS = auto()
    SHOW_CREATE_VIEW = auto()


DATA = frozenset({Kind.SELECT, Kind.INSERT, Kind.DELETE, Kind.UPDATE, Kind.MERGE, Kind.UNLOAD, Kind.CREATE_TABLE_AS})
MAINTENANCE = frozenset({Kind.OPTIMIZE, Kind.VACUUM})
UTILITY = frozenset({Kind.DESCRIBE, Kind.SHOW_TABLES, Kind.SHOW_VIEWS, Kind.SHOW_DATABASES, Kind.SHOW_COLUMNS, Kind.SHOW_CREATE_VIEW})


@dataclass(frozen=True)
class Statement:
    kind: Kind
    tree: exp.Expr = field(repr=False)
    location: str = ""
    """UNLOAD: where to."""
    options: dict[str, str] = field(default_factory=dict)
    """UNLOAD: what stands in WITH, names in lower case. SHOW: the pattern after LIKE, as `like`."""

    @property
    def type(self) -> str:
        """The API's StatementType."""
        if self.kind in MAINTENANCE or (self.kind in DATA and self.kind is not Kind.CREATE_TABLE_AS):
            return "DML"
        return "UTILITY" if self.kind in UTILITY else "DDL"


_WORD = r"(?:\w+|`[^`]+`|\"[^\"]+\")"
_NAMED = rf"(?P<table>(?:{_WORD}\.)?{_WORD})"
_IN = rf"(?:\s+(?:IN|FROM)\s+(?P<database>{_WORD}))?"
_SHOW = {
    rf"SHOW\s+TABLES{_IN}(?:\s+(?:LIKE\s+)?'(?P<like>[^']*)')?": Kind.SHOW_TABLES,
    rf"SHOW\s+VIEWS{_IN}(?:\s+LIKE\s+'(?P<like>[^']*)')?": Kind.SHOW_VIEWS,
    r"SHOW\s+(?:DATABASES|SCHEMAS)(?:\s+LIKE\s+'(?P<like>[^']*)')?": Kind.SHOW_DATABASES,
    rf"SHOW\s+COLUMNS\s+(?:IN|FROM)\s+{_NAMED}{_IN}": Kind.SHOW_COLUMNS,
    rf"SHOW\s+CREATE\s+VIEW\s+{_NAMED}": Kind.SHOW_CREATE_VIEW,
}
"""https://docs.aws.amazon.com/athena/latest/ug/show-tables.html, show-views.html, show-databases.html, show-columns.html, show-create-view.html"""

_OTHER_VIEWS = r"CREATE\s+(?:OR\s+REPLACE\s+)?(?:PROTECTED|MATERIALIZED)|ALTER\s+VIEW"
_REFUSED = re.compile(rf"(MSCK|PREPARE|EXECUTE|DEALLOCATE|EXPLAIN|SHOW|{_OTHER_VIEWS}|ANALYZE)\b", re.IGNORECASE)
_TABLE = r"(?:\w+\.)?\w+"
_OPTIMIZE = re.compile(rf"OPTIMIZE\s+(?P<table>{_TABLE})\s+REWRITE\s+DATA\s+USING\s+BIN_PACK(?P<where>\s+WHERE\s.+)?", re.IGNORECASE | re.DOTALL)
_VACUUM = re.compile(rf"VACUUM\s+(?P<table>{_TABLE})", re.IGNORECASE)
_UNLOAD = re.compile(r"UNLOAD\s*\((?P<select>.*)\)\s*TO\s*'(?P<location>[^']+)'\s*WITH\s*\((?P<options>.*)\)", re.IGNORECASE | re.DOTALL)

_OPTION = r"(\w+)\s*=\s*(?:'([^']*)'|ARRAY\s*\[\s*('[^\]]*')\s*\])"
"""A name, and a text or what stands in an ARRAY of texts."""

_KINDS: dict[type[exp.Expr], Kind] = {
    exp.Insert: Kind.INSERT, exp.Delete: Kind.DELETE, exp.Update: Kind.UPDATE, exp.Merge: Kind.MERGE, exp.Describe: Kind.DESCRIBE,
}  # fmt: skip
_DROPS = {"TABLE": Kind.DROP_TABLE, "VIEW": Kind.DROP_VIEW, "SCHEMA": Kind.DROP_DATABASE, "DATABASE": Kind.DROP_DATABASE}


def read(text: str) -> Statement:
    """Raises StatementFailedError: SYNTAX_ERROR for what Athena can't parse, EMULATOR_UNSUPPORTED for what is missing here."""
    bare = _without_comments(text).strip().rstrip(";").strip()
    for pattern, kind in _SHOW.items():
        if found := re.fullmatch(pattern, bare, re.IGNORECASE):
            return _show(kind, found.groupdict())
    if unload := _UNLOAD.fullmatch(bare):
        return _unload(unload)
    if re.match(r"(OPTIMIZE|VACUUM)\b", bare, re.IGNORECASE):
        return _maintenance(bare)
    if refused := _REFUSED.match(bare):
        raise UnsupportedError(refused[1].upper())
    if re.match(r"UNLOAD\b", bare, re.IGNORECASE):
        raise StatementFailedError("SYNTAX_ERROR: line 1:1: UNLOAD (query) TO 's3://...' WITH (format = ...)")
    tree = parsed(bare)
    return Statement(_kind(tree), tree)


def _show(kind: Kind, said: dict[str, str | None]) -> Statement:
    """Its tree is the name of a database, which may be empty, or a DESCRIBE of the table."""
    like, database = said.get("like"), said.get("database") or ""
    options = {} if like is None else {"like": like}
    if table := said.get("table"):
        tree = parsed(f"DESCRIBE {table}")
        if database:
            tree.this.set("db", exp.to_identifier(_bare(database)))
        return Statement(kind, tree, options=options)
    return Statement(kind, exp.to_identifier(_bare(database)), options=options)


def _bare(name: str) -> str:
    return name.strip('`"')


def _kind(tree: exp.Expr) -> Kind:
    if isinstance(tree, exp.Describe) and (tree.args.get("style") or tree.args.get("partition") or not isinstance(tree.this, exp.Table)):
        raise UnsupportedError(f"{tree.sql('athena')[:80]}: DESCRIBE of a table or view, and no more")
    if isinstance(tree, exp.Query):
        return Kind.SELECT
    if type(tree) in _KINDS:
        return _KINDS[type(tree)]
    if isinstance(tree, exp.Create):
        if tree.kind in ("SCHEMA", "DATABASE"):
            return Kind.CREATE_DATABASE
        if tree.kind == "TABLE":
            return Kind.CREATE_TABLE_AS if tree.expression else Kind.CREATE_TABLE
        if tree.kind == "VIEW":
            return _view(tree)
    if isinstance(tree, exp.Drop) and tree.kind in _DROPS:
        return _DROPS[tree.kind]
    if isinstance(tree, exp.Alter) and all(isinstance(action, exp.Schema) for action in tree.args["actions"]):
        return Kind.ADD_COLUMNS
    if isinstance(tree, exp.Alter) and all(_sets_properties(action) for action in tree.args["actions"]):
        return Kind.SET_PROPERTIES
    if isinstance(tree, exp.Create | exp.Drop | exp.Alter):
        raise UnsupportedError(tree.sql("athena")[:80])
    raise StatementFailedError(f"SYNTAX_ERROR: line 1:1: mismatched input '{tree.sql()[:40]}'")


def _sets_properties(action: exp.Expr) -> bool:
    return isinstance(action, exp.AlterSet) and all(isinstance(item, exp.Properties) for item in action.expressions) and bool(action.expressions)


def _view(tree: exp.Create) -> Kind:
    """`CREATE [OR REPLACE] VIEW name AS query` and no more: https://docs.aws.amazon.com/athena/latest/ug/create-view.html"""
    if tree.args.get("exists") or isinstance(tree.this, exp.Schema):
        raise StatementFailedError("SYNTAX_ERROR: line 1:1: CREATE [ OR REPLACE ] VIEW view_name AS query")
    if tree.args.get("properties"):
        raise UnsupportedError("CREATE VIEW with COMMENT or SECURITY")
    return Kind.CREATE_VIEW


def _maintenance(text: str) -> Statement:
    """https://docs.aws.amazon.com/athena/latest/ug/optimize-statement.html and vacuum-statement.html"""
    if found := _VACUUM.fullmatch(text):
        return Statement(Kind.VACUUM, parsed(f"SELECT 1 FROM {found['table']}"))
    if found := _OPTIMIZE.fullmatch(text):
        return Statement(Kind.OPTIMIZE, parsed(f"SELECT 1 FROM {found['table']}{found['where'] or ''}"))
    raise StatementFailedError("SYNTAX_ERROR: line 1:1: OPTIMIZE table REWRITE DATA USING BIN_PACK [WHERE predicate], VACUUM table")


def _unload(found: re.Match[str]) -> Statement:
    options = {name.lower(): text or listed for name, text, listed in re.findall(_OPTION, found["options"], re.IGNORECASE)}
    named = {name.lower() for name in re.findall(r"(\w+)\s*=", found["options"])}
    if missing := named - set(options):
        raise UnsupportedError(f"UNLOAD with {', '.join(sorted(missing))}")
    return Statement(Kind.UNLOAD, parsed(found["select"]), found["location"], options)


def _without_comments(text: str) -> str:
    """Comments outside of literals go; sqlglot would keep them beside nodes, and the patterns here must not see them."""
    return re.sub(r"('(?:[^']|'')*')|--[^\n]*|/\*.*?\*/", lambda found: found[1] or " ", text, flags=re.DOTALL)
