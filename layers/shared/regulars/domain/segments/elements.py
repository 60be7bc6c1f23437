"""Reading where a value lies, where it may be in a list: `products[].sku` is that of each element, `tags[]` each element itself."""

from dataclasses import replace
from typing import Final

from regulars.domain.language import Path, Value, read_path
from regulars.domain.segments.judgement import Elements, Judgement, Test

MARK: Final = "[]"
"""Behind a name: all elements of the list that it has. In a path that is written as a list, it is a part of a name."""


def read_judged(value: Value) -> tuple[Path, Path | None]:
    """The path, and, where it leads to a list, the one inside each of its elements."""
    names = value.raw.split(".") if isinstance(value.raw, str) else []
    places = [index for index, name in enumerate(names) if name.endswith(MARK)]
    if not places:
        return _unmarked(value, names), None
    if len(places) > 1:
        value.refuse(f"one list can be looked through, not {len(places)} inside each other: `{MARK}` once")
    path = read_path(replace(value, raw=".".join(name.removesuffix(MARK) for name in names)))
    return path[: places[0] + 1], path[places[0] + 1 :]


def read_measured(value: Value) -> Path:
    """Of what is added up or told apart: a value is one there, not many."""
    if isinstance(value.raw, str) and MARK in value.raw:
        value.refuse(f"the elements of a list cannot be measured, only asked for in `where`; for a name with `{MARK}` in it write a list")
    return read_path(value)


def of_each(test: Test, inside: Path | None) -> Judgement:
    return test if inside is None else Elements(inside, test)


def _unmarked(value: Value, names: list[str]) -> Path:
    if any(name.isdecimal() for name in names[1:]):
        value.refuse(f"no place in a list can be asked for, but whether any element is so: `{names[0]}{MARK}`")
    return read_path(value)
