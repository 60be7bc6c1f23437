"""Where a value lies in the JSON of an event or a trait: `address.city`, or `["a.b", "city"]` for names with a dot."""

import re

from regulars.domain.segments.limits import MAX_NAME, MAX_PATH
from regulars.domain.segments.reading import as_text, kind, refuse
from regulars.domain.segments.rule import Path

_UNUSABLE = re.compile(r'["\\\x00-\x1f]')
_POSITION = re.compile(r"[+-]?[0-9]+")


def parse_path(value: object, path: str) -> Path:
    """The names from the outside in.

    Refused are names that Trino and DuckDB would not read alike in a JSON path: quotes, backslashes and control characters,
    `*` (every member, in DuckDB) and whole numbers below the first name (a place in an array, in Trino; see
    io.trino.operator.scalar.JsonExtract, ObjectFieldJsonExtractor).
    """
    if isinstance(value, list):
        names = [as_text(name, f"{path}[{index}]", MAX_NAME) for index, name in enumerate(value)]
    elif isinstance(value, str):
        names = as_text(value, path, MAX_NAME * MAX_PATH).split(".")
    else:
        refuse(path, f"a name, or a list of names, is needed, not {kind(value)}")
    if not names or len(names) > MAX_PATH:
        refuse(path, f"a path has 1 to {MAX_PATH} names")
    for index, name in enumerate(names):
        if not name or len(name) > MAX_NAME:
            refuse(path, f'each name has 1 to {MAX_NAME} characters; write a name with a dot in it as a list: ["a.b"]')
        if name == "*" or _UNUSABLE.search(name):
            refuse(path, "a name cannot be `*` nor hold quotes, backslashes or control characters")
        if index and _POSITION.fullmatch(name):
            refuse(path, "places in an array cannot be asked for yet")
    return tuple(names)


def json_path(names: Path) -> str:
    """As `json_extract_scalar` takes it.

    >>> json_path(("address", "home city"))
    '$["address"]["home city"]'
    """
    return "$" + "".join(f'["{name}"]' for name in names)
