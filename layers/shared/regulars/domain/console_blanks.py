"""What JavaScript does not need, left out: blanks beside a sign; the end of a line behind a semicolon, a comma or an opening bracket, and before a
closing one; remarks at the end of a line. Texts, templates and expressions for `match` stay as they are.

But for templates of `html`: htm leaves out blanks with a line's end where a text begins and where it ends
(https://github.com/developit/htm/blob/master/src/build.mjs, `commit`), so a line's end that is all there is between two tags goes here already,
and an attribute of one word needs no quotes."""

import re
from dataclasses import dataclass
from typing import Final

_WHOLE = re.compile(r"""
    (?P<text> "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
  | (?P<template> ` )
  | (?P<remark> //[^\n]* )
  | (?P<pattern> /(?![/*])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]* )
  | (?P<word> [\w$]+ )
  | (?P<blank> [ \t]+ )
  | (?P<sign> . | \n )
""", re.X | re.S)  # fmt: skip
_PIECE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.S)
_BEFORE_A_PATTERN: Final = frozenset("(,=:[!&|?{};>\n")
"""What ends before an expression for `match`; behind anything else, a `/` divides."""

_ONE_WORD = re.compile(r'(?<=[\w-])="([\w-]+)"(?=[\s>])')
_BETWEEN_TAGS = re.compile(r"(?:(?<=>)|^)\n(?=<|\$\{)")

_OPEN, _CLOSE = "{", "}"
_OPENS: Final = frozenset("([{,;")
_CLOSES: Final = frozenset(")]}")


@dataclass
class _Substitution:
    """One of a template that we are in, and how many braces are open there."""

    is_html: bool
    braces: int = 0


def without_blanks(script: str) -> str:
    """The same script. What stands in `${..}` of a template is script again."""
    said: list[str] = []
    inside: list[_Substitution] = []
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
        if sort in ("blank", "remark"):
            needs_blank = True
            continue
        if token == "\n" and said and said[-1][-1:] in _OPENS:
            continue
        if token in _CLOSES and said[-1:] == ["\n"]:
            said.pop()
        closes = token == _CLOSE and bool(inside) and inside[-1].braces == 0
        is_html = inside.pop().is_html if closes else said[-1:] == ["html"]
        say(token)
        if sort == "template" or closes:
            place = _template(script, place, said, inside, is_html)
        elif inside and token in (_OPEN, _CLOSE):
            inside[-1].braces += 1 if token == _OPEN else -1
    return "".join(said)


def _template(script: str, place: int, said: list[str], inside: list[_Substitution], is_html: bool) -> int:
    """What follows of a template, to its end or into its next substitution; answers where that is."""
    piece = _PIECE.match(script, place)
    assert piece is not None
    end = piece.end() + (1 if script.startswith("`", piece.end()) else 2)
    text = script[place:end]
    said.append(_BETWEEN_TAGS.sub("", _ONE_WORD.sub(r"=\1", text)) if is_html else text)
    if script[end - 1 : end] == _OPEN:
        inside.append(_Substitution(is_html))
    return end


def _is_word(letter: str) -> bool:
    return letter == "$" or letter == "_" or letter.isalnum()
