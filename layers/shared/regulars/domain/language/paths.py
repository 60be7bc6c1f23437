"""Where a value lies in the JSON of an event or a trait: `address.city`, or `["a.b", "city"]` for names with a dot."""

import re

from regulars.domain.language.names import MAX_NAME
from regulars.domain.language.value import Value

Path = tuple[str, ...]
"""Names to follow from the outside in: `("address", "city")`."""

MAX_PATH = 253
"""Names in one path: as deep as anything lies in the properties of an event that collection keeps (a test compares the two)."""

_UNUSABLE = re.compile(r'["\\\x00-\x1f]')
_POSITION = re.compile(r"[+-]?\d+")


def read_path(value: Value) -> Path:
    """The names from the outside in.

    Refused are names that Trino and DuckDB would not read alike in a JSON path: quotes, backslashes and control characters,
    `*` (every member, in DuckDB) and whole numbers below the first name: a place in an array, in Trino, in any script's digits
    (https://github.com/trinodb/trino/blob/master/core/trino-main/src/main/java/io/trino/operator/scalar/JsonExtract.java,
    ObjectFieldJsonExtractor). The first name is looked for in an object, where `7` is a name like others.
    """
    names = _names(value)
    if not 1 <= len(names) <= MAX_PATH:
        value.refuse(f"a path has 1 to {MAX_PATH} names, not {len(names)}")
    for index, name in enumerate(names):
        if not 1 <= len(name) <= MAX_NAME:
            value.refuse(f'each name has 1 to {MAX_NAME} characters; write a name with a dot in it as a list: ["a.b"]')
        if name == "*" or _UNUSABLE.search(name):
            value.refuse("a name cannot be `*` nor hold quotes, backslashes or control characters")
        if index and _POSITION.fullmatch(name):
            value.refuse("places in an array cannot be asked for yet")
    return names


def _names(value: Value) -> Path:
    if isinstance(value.raw, list):
        return tuple(name.text(MAX_NAME) for name in value.items(empty=True))
    if not isinstance(value.raw, str):
        value.refuse_kind("a name, or a list of names,")
    return tuple(value.text((MAX_NAME + 1) * MAX_PATH).split("."))


def json_path(names: Path) -> str:
    """As `json_extract_scalar` takes it.

    >>> json_path(("address", "home city"))
    '$["address"]["home city"]'
    """
    return "$" + "".join(f'["{name}"]' for name in names)
