"""Versions of apps and systems: `5`, `5.10`, `v2.0.1.7`, `5.0.0-beta.2`, `5.2.0+118`.

They are in the order of https://semver.org/#spec-item-11, with one to four numbers instead of three: numbers are compared as numbers, one that is
left out is 0, and a pre-release comes before its release. Pre-releases are compared name by name: a number as a number, which comes before any word;
words by their ASCII letters; and of two that begin alike the longer one is later. What follows a `+` has no order.
"""

import re
from dataclasses import dataclass
from typing import Final

from regulars.domain.language import Value

NUMBER_DIGITS: Final = 10
"""Of a number."""
NUMBERS: Final = 4
NAME_LENGTH: Final = 40
"""Characters of a name in a pre-release, as many as a commit's hash has."""

VERSION: Final = (
    rf"\A[vV]?([0-9]{{1,{NUMBER_DIGITS}}}([.][0-9]{{1,{NUMBER_DIGITS}}}){{0,{NUMBERS - 1}}}"
    rf"(-[0-9A-Za-z-]{{1,{NAME_LENGTH}}}([.][0-9A-Za-z-]{{1,{NAME_LENGTH}}}){{0,7}})?)([+][0-9A-Za-z.-]+)?\z"
)
"""What counts as a version. The first group is what has an order."""
RELEASED: Final = "~"
"""Comes after every pre-release."""

_VERSION: Final = re.compile(VERSION.replace(r"\z", r"\Z"))


@dataclass(frozen=True)
class Version:
    """A version as somebody wrote it, and its key, a text that sorts: 40 digits, then `~` for a release, or `-` and the names of a pre-release."""

    shown: str
    key: str

    @staticmethod
    def of(written: str) -> "Version | None":
        """None for what is no version."""
        found = _VERSION.match(written)
        if found is None:
            return None
        release, _, pre_release = found[1].partition("-")
        numbers = "".join(number.rjust(NUMBER_DIGITS, "0") for number in release.split("."))
        names = " ".join(map(_name_key, pre_release.split(".")))
        return Version(written, numbers.ljust(NUMBERS * NUMBER_DIGITS, "0") + (f"-{names}" if pre_release else RELEASED))


def _name_key(name: str) -> str:
    return f"0{name.rjust(NAME_LENGTH, '0')}" if name.isdecimal() else f"1{name}"


def read_version(value: Value) -> Version:
    """Raises the value's error: a version is written as a text, because `5.10` as a number is 5.1."""
    if not isinstance(value.raw, str):
        value.refuse_kind('a version as a text, as in "5.10" or "5.0.0-beta.2",')
    version = Version.of(value.text())
    if version is None:
        value.refuse(f'a version, as in "5.10" or "5.0.0-beta.2", is needed: 1 to {NUMBERS} numbers, and behind a `-` the names of a pre-release')
    return version
