"""Writing a tree so that Joni, RE2 and Python's `re` read the same: no class has a name, every punctuation mark is escaped, no group is counted."""

from typing import Final, assert_never

from regulars.domain.segments.patterns.tree import Anchor, Chars, Either, Node, Repeat, Sequence

SQL_END: Final = r"\z"
PYTHON_END: Final = r"\Z"
"""The very end of a text, in each."""


def written(node: Node, end: str) -> str:
    match node:
        case Chars():
            return _chars(node)
        case Anchor(start):
            return r"\A" if start else end
        case Sequence(parts):
            return "".join(written(part, end) for part in parts)
        case Either(options):
            return f"(?:{'|'.join(written(option, end) for option in options)})"
        case Repeat(body, low, high):
            inner = written(body, end)
            return f"{inner if isinstance(body, Chars | Either) else f'(?:{inner})'}{_quantifier(low, high)}"
        case _:
            assert_never(node)


def _chars(these: Chars) -> str:
    if not these.negated and len(these.ranges) == 1 and these.ranges[0][0] == these.ranges[0][1]:
        return _char(these.ranges[0][0])
    inside = "".join(_char(low) if low == high else f"{_char(low)}-{_char(high)}" for low, high in these.ranges)
    return f"[{'^' if these.negated else ''}{inside}]"


def _char(number: int) -> str:
    letter = chr(number)
    if number < ord(" ") or number == 0x7F:
        return f"\\x{number:02x}"
    return f"\\{letter}" if letter.isascii() and not letter.isalnum() and letter not in "_ " else letter


def _quantifier(low: int, high: int | None) -> str:
    match low, high:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case _, None:
            return f"{{{low},}}"
        case _:
            return f"{{{low}}}" if low == high else f"{{{low},{high}}}"
