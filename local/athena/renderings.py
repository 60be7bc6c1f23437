"""What a call of a Trino function is in DuckDB, where sqlglot's own answer is not it. `functions` says which call gets which."""

import re
from collections.abc import Callable

from sqlglot import exp

from local.athena.casts import call
from local.athena.errors import UnsupportedError

Rendering = Callable[[exp.Expr], exp.Expr]


def same(node: exp.Expr) -> exp.Expr:
    return node


def renamed(name: str, *arguments: str) -> Rendering:
    """A call of a DuckDB function or macro with the named arguments of the node, those that are there."""

    def render(node: exp.Expr) -> exp.Expr:
        unknown = [key for key, value in node.args.items() if key not in arguments and isinstance(value, exp.Expr)]
        if unknown:
            raise UnsupportedError(f"{node.sql('trino')} with {', '.join(unknown)}")
        return call(name, *(node.args[key] for key in arguments if node.args.get(key) is not None))

    return render


def renamed_call(name: str) -> Rendering:
    """The call of an unclassed function, under another name."""
    return lambda node: call(name, *node.expressions)


def _literal(node: exp.Expr | None, what: str) -> str:
    if not isinstance(node, exp.Literal) or not node.is_string:
        raise UnsupportedError(f"{what} that is not a literal")
    return node.name


def null_if_any(node: exp.Expr) -> exp.Expr:
    """greatest and least are NULL when any argument is; DuckDB's skip NULLs."""
    values = [node.this, *node.expressions]
    absent = exp.or_(*(exp.Is(this=value.copy(), expression=exp.Null()) for value in values))
    name = "greatest" if isinstance(node, exp.Greatest) else "least"
    return exp.Case(ifs=[exp.If(this=absent, true=exp.Null())], default=call(name, *values))


def concat(node: exp.Expr) -> exp.Expr:
    """NULL when any part is; DuckDB's concat skips NULLs, its `||` does not."""
    first, *rest = node.expressions
    joined: exp.Expr = exp.paren(first)
    for part in rest:
        joined = exp.DPipe(this=joined, expression=exp.paren(part))
    return exp.paren(joined)


def max_by(node: exp.Expr) -> exp.Expr:
    """Of the greatest row, be its value NULL; with a number, of so many rows at most, the greatest first, and of none NULL."""
    return (
        call("arg_max", node.this, node.expression, node.args["count"])
        if node.args.get("count")
        else call("arg_max_null", node.this, node.expression)
    )


def date_diff(node: exp.Expr) -> exp.Expr:
    """Complete units, which is DuckDB's date_sub; its date_diff counts boundaries."""
    return call("date_sub", exp.Literal.string(node.text("unit").lower()), node.expression, node.this)


def date_kept(node: exp.Expr) -> exp.Expr:
    """date_add and date_trunc of a DATE are a DATE; DuckDB makes a TIMESTAMP of it."""
    if node.meta.get("is_date"):
        return exp.cast(node, "date")
    if not node.meta.get("is_timestamp"):
        node.set("this", call("trino_moment", node.this))
    return node


_FORMAT_PARTS = frozenset("YmdHMSjyIpbBaA%") | {"-d", "-m", "-H", "-I"}


def _format(node: exp.Expr, extra: str = "") -> str:
    """sqlglot has turned MySQL's letters into strftime's; those that DuckDB writes otherwise are refused."""
    text = _literal(node.args.get("format"), "a date format")
    for part in re.findall(r"%(-?.)", text):
        if part not in _FORMAT_PARTS and part not in extra:
            raise UnsupportedError(f"%{part} in a date format")
    return text


def date_format(node: exp.Expr) -> exp.Expr:
    # Trino prints six digits of which the last three are zero (DateTimeFunctions.dateFormat works in milliseconds).
    return call("strftime", node.this, exp.Literal.string(_format(node, "f").replace("%f", "%g000")))


def date_parse(node: exp.Expr) -> exp.Expr:
    return call("strptime", node.this, exp.Literal.string(_format(node)))


_EXTRACTABLE = frozenset({"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"})


def extract(node: exp.Expr) -> exp.Expr:
    if node.name.upper() not in _EXTRACTABLE:
        raise UnsupportedError(f"EXTRACT({node.name})")
    return node


def at_timezone(node: exp.Expr) -> exp.Expr:
    """The wall clock there. `translate` allows it only where a wall clock is what Trino takes from it."""
    moment, zone = (node.this, node.args["zone"]) if isinstance(node, exp.AtTimeZone) else node.expressions
    return call("timezone", zone, exp.cast(moment, "timestamptz"))


def with_timezone(node: exp.Expr) -> exp.Expr:
    moment, zone = node.expressions
    return call("timezone", zone, exp.cast(moment, "timestamp"))


def json_path(node: exp.Expr | None) -> exp.Expr:
    """`$["a b"][0].c` as DuckDB's path `$."a b"[0]."c"`, or as a JSON pointer where a key holds what DuckDB can't quote."""
    if not isinstance(node, exp.JSONPath):
        raise UnsupportedError("a JSON path that is not a literal")
    steps: list[str | int] = []
    for part in node.expressions:
        if isinstance(part, exp.JSONPathRoot):
            continue
        step = part.this if isinstance(part, exp.JSONPathKey | exp.JSONPathSubscript) else None
        if not isinstance(step, str | int):
            raise UnsupportedError(f"the JSON path {node.sql('trino')}: only keys and indexes")
        steps.append(step)
    if any(isinstance(step, str) and re.search(r'["\\*]', step) for step in steps):
        return exp.Literal.string("".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps))
    return exp.Literal.string("$" + "".join(f"[{step}]" if isinstance(step, int) else f'."{step}"' for step in steps))


def json_extract_scalar(node: exp.Expr) -> exp.Expr:
    # What is cast to a number at once needs no care for how it was spelled.
    name = "trino_json_value" if node.meta.get("as_number") else "trino_json_extract_scalar"
    return call(name, node.this, json_path(node.expression))


def json_extract(node: exp.Expr) -> exp.Expr:
    return call("trino_json_extract", node.this, json_path(node.expression))


def regexp_replace(node: exp.Expr) -> exp.Expr:
    replacement = _literal(node.args.get("replacement") or exp.Literal.string(""), "a replacement")
    if re.search(r"[$\\]", replacement):
        raise UnsupportedError("groups in the replacement of regexp_replace")
    return call("regexp_replace", node.this, node.expression, exp.Literal.string(replacement), exp.Literal.string("g"))


def regexp_extract(node: exp.Expr) -> exp.Expr:
    return call("trino_regexp_extract", node.this, node.expression, node.args.get("group") or exp.Literal.number(0))


def substr(node: exp.Expr) -> exp.Expr:
    length = node.args.get("length")
    if length is None:
        return call("trino_substr", node.this, node.args["start"])
    if _counts_from_1(node.args["start"]) and _counts_from_1(length):
        return call("substring", node.this, node.args["start"], length)
    return call("trino_substr_length", node.this, node.args["start"], length)


def _counts_from_1(number: exp.Expr) -> bool:
    """Where both do, substr means the same in both."""
    return isinstance(number, exp.Literal) and not number.is_string and int(number.name) > 0


def pad(node: exp.Expr) -> exp.Expr:
    """What is longer is cut in both, at its end."""
    return call("lpad" if node.args["is_left"] else "rpad", node.this, node.expression, node.args["fill_pattern"])


def count_if(node: exp.Expr) -> exp.Expr:
    """0 over no rows, where DuckDB's count_if is NULL."""
    return exp.Count(this=exp.Case(ifs=[exp.If(this=node.this, true=exp.Literal.number(1))]))


def map_agg(node: exp.Expr) -> exp.Expr:
    key, value = node.expressions
    entry = exp.Struct(expressions=[exp.PropertyEQ(this=exp.to_identifier(n), expression=e) for n, e in (("k", key), ("v", value))])
    known = exp.Not(this=exp.Is(this=key.copy(), expression=exp.Null()))
    entries = call("list", exp.Case(ifs=[exp.If(this=known, true=entry)]))
    rendered = call("trino_map_agg", entries)
    rendered.meta["aggregate"] = entries
    return rendered


def approx_most_frequent(node: exp.Expr) -> exp.Expr:
    buckets, value, _ = node.expressions
    counts = call("histogram", value)
    rendered = call("trino_most_frequent", buckets, counts)
    rendered.meta["aggregate"] = counts
    return rendered


def match(macro: str, *, negated: bool = False) -> Rendering:
    def render(node: exp.Expr) -> exp.Expr:
        answers = call(macro, call("list_transform", *node.expressions))
        return exp.Not(this=answers) if negated else answers

    return render


def element_at(node: exp.Expr) -> exp.Expr:
    if not node.args.get("safe"):
        raise UnsupportedError("a subscript: Trino fails where there is no such element, use element_at")
    return node


def cardinality(node: exp.Expr) -> exp.Expr:
    """Of a map where the argument is visibly one, else of an array: DuckDB has two functions, and refuses the wrong one."""
    is_map = isinstance(node.this, exp.Map) or node.this.name in ("trino_map_agg", "trino_json_map", "map_concat")
    return call("cardinality" if is_map else "len", node.this)


def row(node: exp.Expr) -> exp.Expr:
    return call("row", *(item.expression if isinstance(item, exp.PropertyEQ) else item for item in node.expressions))


def sha256(node: exp.Expr) -> exp.Expr:
    if node.args.get("length") is not None and node.args["length"].name != "256":
        raise UnsupportedError(node.sql("trino"))
    return node


def trim(node: exp.Expr) -> exp.Expr:
    if node.expression or node.args.get("position"):
        raise UnsupportedError("trim with a side or characters")
    return call("trino_trim", node.this)
