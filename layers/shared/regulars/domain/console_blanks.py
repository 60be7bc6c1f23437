"""Blanks that JavaScript does not need, left out: those beside a sign. Lines stay lines; texts, templates and expressions for `match` as they are."""

import re
from typing import Final

_WHOLE = re.compile(r"""
    (?P<text> "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
  | (?P<template> ` )
  | (?P<pattern> /(?![/*])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]* )
  | (?P<word> [\w$]+ )
  | (?P<blank> [ \t]+ )
  | (?P<sign> . | \n )
""", re.X | re.S)  # fmt: skip
_PIECE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.S)
_BEFORE_A_PATTERN: Final = frozenset("(,=:[!&|?{};>\n")
"""What ends before an expression for `match`; behind anything else, a `/` divides."""

_OPEN, _CLOSE = "{", "}"


def without_blanks(script: str) -> str:
    """The same script. What stands in `${..}` of a template is script again."""
    said: list[str] = []
    inside: list[int] = []
    """For each template that we are in a substitution of, the braces that are open there."""
    place, needs_blank = 0, False

    def say(token: str) -> None:
        nonlocal needs_blank
        if needs_blank and said and _is_word(said[-1][-1:]) == _is_word(token[:1]) and (_is_word(token[:1]) or said[-1][-1:] == token[:1] in "+-"):
            said.append(" ")
        needs_blank = False
        said.append(token)

    while place < len(script):
        found = _WHOLE.match(script, place)
        assert found is not None
        sort, token = found.lastgroup, found[0]
        if sort == "pattern" and said and said[-1][-1:] not in _BEFORE_A_PATTERN and said[-1] != "return":
            sort, token = "sign", "/"
        place += len(token)
        if sort == "blank":
            needs_blank = True
            continue
        closes = token == _CLOSE and bool(inside) and inside[-1] == 0
        say(token)
        if sort == "template" or closes:
            if closes:
                inside.pop()
            place = _template(script, place, said, inside)
        elif inside and token in (_OPEN, _CLOSE):
            inside[-1] += 1 if token == _OPEN else -1
    return "".join(said)


def _template(script: str, place: int, said: list[str], inside: list[int]) -> int:
    """What follows of a template as it is, to its end or into its next substitution; answers where that is."""
    piece = _PIECE.match(script, place)
    assert piece is not None
    end = piece.end() + (1 if script.startswith("`", piece.end()) else 2)
    said.append(script[place:end])
    if script[end - 1 : end] == _OPEN:
        inside.append(0)
    return end


def _is_word(letter: str) -> bool:
    return letter == "$" or letter == "_" or letter.isalnum()
