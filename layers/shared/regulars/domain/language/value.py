"""One value of a document, read strictly as one kind."""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from regulars.domain.errors import RefusedError
from regulars.domain.language.suggestions import unknown
from regulars.domain.language.wording import MISSING, kind, printable, says_something

MAX_TEXT = 1_000
"""Characters of a value, and of a user id."""

MAX_WHOLE = 2**53
"""Up to here a double, which is what many readers of JSON have, holds every whole number."""

_UNFIT = re.compile("[\x00\ud800-\udfff]")
"""What collection keeps out of the lake (`collection.examination`), and what UTF-8 or a push cannot carry."""

_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True)
class Value:
    """What a document holds at `path` (as in `rule.all[1].where[0]`, empty for the document itself).

    Every method returns the value as the kind that it names, or raises `error` with the path.
    """

    raw: object
    error: type[RefusedError]
    path: str = ""

    def refuse(self, message: str) -> NoReturn:
        raise self.error(message, field=self.path)

    def refuse_kind(self, wanted: str) -> NoReturn:
        """For a value of another kind than the one `wanted` describes."""
        self.refuse(f"{wanted} is needed, {'and it is missing' if self.raw is MISSING else f'not {kind(self.raw)}'}")

    def at(self, key: str, raw: object) -> "Value":
        """The value of a key in this object."""
        name = printable(key) or '""'
        return Value(raw, self.error, f"{self.path}.{name}" if self.path else name)

    def text(self, limit: int | None = MAX_TEXT, *, empty: bool = False) -> str:
        """A text that can be stored, sent and compared: no NUL, no half of a surrogate pair, not empty unless `empty` says so,
        and of at most `limit` characters."""
        raw = self.raw
        if not isinstance(raw, str):
            self.refuse_kind("a text")
        if not raw and not empty:
            self.refuse("a text is needed, and this one is empty")
        if limit is not None and len(raw) > limit:
            self.refuse(f"{len(raw)} characters; at most {limit}")
        if _UNFIT.search(raw):
            self.refuse("a text cannot hold NUL or half of a surrogate pair")
        return raw

    def visible_text(self, limit: int | None = MAX_TEXT) -> str:
        """The same, of which people see something: it is no white space alone, and nothing that is drawn as nothing."""
        text = self.text(limit)
        if not says_something(text):
            self.refuse("a text is needed, and nobody sees anything of this one")
        return text

    def choice(self, among: tuple[_Choice, ...]) -> _Choice:
        """One of a few words."""
        raw = self.raw
        if not isinstance(raw, str):
            self.refuse_kind(f"one of {', '.join(among)}")
        if raw not in among:
            self.refuse(unknown(raw, among))
        return among[among.index(raw)]

    def number(self, low: float = -sys.float_info.max, high: float = sys.float_info.max) -> float:
        """A finite number from `low` to `high`, both included."""
        raw = self.raw
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            self.refuse_kind("a number")
        if not -sys.float_info.max <= raw <= sys.float_info.max:
            self.refuse("the number is not finite, or too large to be one")
        if not low <= raw <= high:
            self.refuse(f"a number from {low:g} to {high:g} is needed, not {raw:g}")
        return float(raw) + 0.0  # -0.0 becomes 0.0

    def whole(self, low: int = 0, high: int = MAX_WHOLE) -> int:
        """A whole number from `low` to `high`, both included; `1.0` is not written as one."""
        raw = self.raw
        if isinstance(raw, bool) or not isinstance(raw, int):
            self.refuse_kind("a whole number")
        if not low <= raw <= high:
            self.refuse(f"a whole number from {low} to {high} is needed")
        return raw

    def boolean(self) -> bool:
        if not isinstance(self.raw, bool):
            self.refuse_kind("true or false")
        return self.raw

    def items(self, limit: int | None = None, *, empty: bool = False) -> list["Value"]:
        """The entries of a list that holds something, unless `empty` says that it need not, and at most `limit` of them."""
        raw = self.raw
        if not isinstance(raw, list):
            self.refuse_kind("a list")
        if not raw and not empty:
            self.refuse("a list with nothing in it says nothing: leave it out or fill it")
        if limit is not None and len(raw) > limit:
            self.refuse(f"{len(raw)} entries; at most {limit}")
        return [Value(entry, self.error, f"{self.path}[{index}]") for index, entry in enumerate(raw)]


def all_different(values: Iterable[Value]) -> None:
    """Refuses the second of two equal texts."""
    for value in repeated(values):
        value.refuse(f"`{printable(str(value.raw))}` is named twice")


def repeated(values: Iterable[Value]) -> Iterator[Value]:
    """Each that is the same text as one before."""
    seen: set[str] = set()
    for value in values:
        if isinstance(value.raw, str):
            if value.raw in seen:
                yield value
            seen.add(value.raw)
