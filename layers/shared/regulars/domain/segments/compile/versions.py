"""The key of a version (`segments.versions`) in SQL."""

from typing import Final

from sqlglot import exp

from regulars.domain.lake.sql import statement, text
from regulars.domain.segments.functions import call
from regulars.domain.segments.versions import NAME_LENGTH, NUMBER_DIGITS, NUMBERS, RELEASED, VERSION

_RELEASE: Final = r"\A([0-9.]+)"
_PRE_RELEASE: Final = r"\A[0-9.]+-(.+)\z"

_NUMBERS: Final = f"array_join(transform(split(:release, '.'), part -> lpad(part, {NUMBER_DIGITS}, '0')), '')"
_NAMES: Final = rf"""
array_join(transform(split(:pre_release, '.'),
  part -> CASE WHEN regexp_like(part, '\A[0-9]+\z') THEN concat('0', lpad(part, {NAME_LENGTH}, '0')) ELSE concat('1', part) END), ' ')
"""
_KEY: Final = f"concat(rpad({_NUMBERS}, {NUMBERS * NUMBER_DIGITS}, '0'), coalesce(concat('-', {_NAMES}), '{RELEASED}'))"


def version_key(written: exp.Expr) -> exp.Expr:
    """The text that sorts; NULL for what is no version."""
    version = _found(written, VERSION)
    return statement(_KEY, {"release": _found(version, _RELEASE), "pre_release": _found(version.copy(), _PRE_RELEASE)})


def _found(written: exp.Expr, pattern: str) -> exp.Expr:
    return call("regexp_extract", written, text(pattern), exp.Literal.number(1))
