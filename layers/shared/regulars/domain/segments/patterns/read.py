"""Reading a regular expression strictly: what is not known here is refused with its place and what to write instead."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NoReturn

from regulars.domain.language import Value
from regulars.domain.segments.patterns.tree import Anchor, Chars, Either, Node, Ranges, Repeat, Sequence, merged

MAX_PATTERN: Final = 500
"""Characters."""
MAX_REPEAT: Final = 1_000
"""RE2's limit, of which DuckDB makes an error: https://github.com/google/re2/blob/main/re2/parse.cc, maximum_repeat_count."""

MAX_GROUPS: Final = 20
"""Inside each other."""

_DIGITS: Final[Ranges] = ((0x30, 0x39),)
_BLANKS: Final[Ranges] = ((0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20))
_WORDS: Final[Ranges] = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_CLASSES: Final[Mapping[str, Ranges]] = MappingProxyType({"d": _DIGITS, "s": _BLANKS, "w": _WORDS})
_CONTROLS: Final[Mapping[str, str]] = MappingProxyType({"t": "\t", "n": "\n", "r": "\r", "f": "\f"})
_NOT_A_NEWLINE: Final = Chars(((0x0A, 0x0A),), negated=True)
_BOUNDS: Final = re.compile(r"\{([0-9]{1,4})(,([0-9]{0,4}))?\}", re.ASCII)
_ESCAPES: Final = r"`\d`, `\w`, `\s`, `\D`, `\W`, `\S`, `\t`, `\n`, `\r`, `\f`, and `\` before a punctuation mark"


class Reader:
    """Goes once through what was written."""

    def __init__(self, value: Value) -> None:
        self._value = value
        self._text = value.text(MAX_PATTERN)
        self._at = 0
        self._open = 0

    def refuse(self, at: int, message: str) -> NoReturn:
        self._value.refuse(f"at character {at + 1}: {message}")

    def whole(self) -> Node:
        node = self._either(top=True)
        if self._at < len(self._text):
            self.refuse(self._at, r"a `)` that closes nothing; for the character itself: `\)`")
        return node

    def _next(self) -> str:
        """The character that is read next; empty at the end."""
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        taken = self._next()
        self._at += 1
        return taken

    def _either(self, *, top: bool = False) -> Node:
        at = self._at
        options = [self._sequence(top=top)]
        while self._next() == "|":
            self._at += 1
            options.append(self._sequence(top=top))
        return options[0] if len(options) == 1 else Either(tuple(options), at)

    def _sequence(self, *, top: bool) -> Node:
        begun, parts = self._at, list[Node]()
        if top and self._next() == "^":
            self._at += 1
            parts.append(Anchor(start=True))
        while self._next() not in ("", "|", ")"):
            if top and self._next() == "$" and self._text[self._at + 1 : self._at + 2] in ("", "|"):
                self._at += 1
                parts.append(Anchor(start=False))
            else:
                parts.append(self._repeated(self._one()))
        if begun == self._at:
            self.refuse(begun, "nothing to look for; what may be absent is written with `?`")
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _one(self) -> Node:
        at, letter = self._at, self._take()
        match letter:
            case "(":
                return self._group(at)
            case "[":
                return self._class(at)
            case "\\":
                return self._escaped(at)
            case ".":
                return _NOT_A_NEWLINE
            case "^" | "$":
                self.refuse(at, f"`^` and `$` stand at the ends of a pattern only; for the character itself: `\\{letter}`")
            case "*" | "+" | "?" | "{":
                self.refuse(at, f"`{letter}` has nothing to repeat; for the character itself: `\\{letter}`")
            case "]" | "}":
                self.refuse(at, f"a `{letter}` that closes nothing; for the character itself: `\\{letter}`")
        return _only(letter)

    def _group(self, at: int) -> Node:
        if self._next() == "?":
            if not self._text.startswith("?:", self._at):
                self.refuse(at, "of groups there are `(...)` and `(?:...)`: no flags, names, look-ahead or look-behind")
            self._at += 2
        self._open += 1
        if self._open > MAX_GROUPS:
            self.refuse(at, f"more than {MAX_GROUPS} groups inside each other")
        inner = self._either()
        self._open -= 1
        if self._take() != ")":
            self.refuse(at, r"a `(` without its `)`; for the character itself: `\(`")
        return inner

    def _escaped(self, at: int) -> Node:
        letter = self._take()
        if letter and letter in "DSW":
            return Chars(_CLASSES[letter.lower()], negated=True)
        return Chars(self._meant(at, letter))

    def _meant(self, at: int, letter: str) -> Ranges:
        """What `letter` means after a backslash, inside a class or out of it."""
        if letter in _CLASSES:
            return _CLASSES[letter]
        if letter in _CONTROLS:
            return _only(_CONTROLS[letter]).ranges
        if not letter or letter.isalnum() or not "!" <= letter <= "~":
            hint = "back-references are not known" if letter.isdecimal() else "it is not known"
            self.refuse(at, f"`\\{letter}`: {hint}; known: {_ESCAPES}")
        return _only(letter).ranges

    def _class(self, at: int) -> Node:
        negated = self._next() == "^"
        self._at += negated
        ranges: list[tuple[int, int]] = []
        while self._next() != "]":
            ranges += self._range(at)
        if not ranges:
            self.refuse(at, r"a class with nothing in it; for the character itself: `\]`")
        self._at += 1
        return Chars(merged(ranges), negated)

    def _range(self, begun: int) -> Ranges:
        at = self._at
        low = self._member(begun)
        is_range = self._next() == "-" and self._text[self._at + 1 : self._at + 2] not in ("", "]")
        if not is_range:
            return low
        self._at += 1
        high = self._member(begun)
        (first, last), (final, end) = low[0], high[0]
        if len(low) > 1 or len(high) > 1 or first != last or final != end or first > final:
            self.refuse(at, r"a range goes from one character up to another; for the character itself: `\-`")
        return ((first, final),)

    def _member(self, begun: int) -> Ranges:
        at, letter = self._at, self._take()
        if not letter:
            self.refuse(begun, r"a `[` without its `]`; for the character itself: `\[`")
        if letter == "[":
            self.refuse(at, r"no class is inside another; for the character itself: `\[`")
        return self._meant(at, self._take()) if letter == "\\" else _only(letter).ranges

    def _repeated(self, node: Node) -> Node:
        at = self._at
        bounds = self._quantifier()
        if bounds is None:
            return node
        if self._next() == "?":
            self._at += 1  # as few as can be: which of them is taken makes no difference to whether there is one
        if self._next() in ("*", "+", "?", "{"):
            self.refuse(self._at, "a quantifier of a quantifier: none is possessive, and what is repeated twice is put into a group")
        return Repeat(node, *bounds, at)

    def _quantifier(self) -> tuple[int, int | None] | None:
        match self._next():
            case "*" | "+" | "?" as letter:
                self._at += 1
                return {"*": (0, None), "+": (1, None), "?": (0, 1)}[letter]
            case "{":
                return self._counted()
        return None

    def _counted(self) -> tuple[int, int | None]:
        found = _BOUNDS.match(self._text, self._at)
        if found is None:
            self.refuse(self._at, r"a repeat is `{2}`, `{2,}` or `{2,5}`; for the character itself: `\{`")
        low, high = int(found[1]), int(found[3] or MAX_REPEAT) if found[2] else int(found[1])
        if not low <= high <= MAX_REPEAT or high == 0:
            self.refuse(self._at, f"a repeat goes from a number up to another that is at least 1 and at most {MAX_REPEAT}")
        self._at = found.end()
        return (low, None) if found[2] and not found[3] else (low, high)


def _only(letter: str) -> Chars:
    return Chars(((ord(letter), ord(letter)),))
