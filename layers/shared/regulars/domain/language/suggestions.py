"""Which of the known words somebody may have meant."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from regulars.domain.language.wording import listed, printable

_LONGEST = 60
"""Characters of a word that is worth guessing at."""

_ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("=", "==", "is"), "eq"),
        **dict.fromkeys(("!=", "<>", "is_not"), "ne"),
        **dict.fromkeys(("includes", "like", "has"), "contains"),
        **dict.fromkeys(("regex", "regexp", "rlike", "~"), "matches"),
        ">": "gt",
        ">=": "gte",
        "<": "lt",
        "<=": "lte",
        "and": "all",
        "or": "any",
        "average": "avg",
        "total": "sum",
        "lng": "lon",
        "begins_with": "starts_with",
        "since": "after",
        "until": "before",
    }
)
"""What SQL and other tools call it, where no likeness would find ours."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_FILLERS = frozenset({"is", "or", "to", "the"})

_ABBREVIATED, _BEGUN = 40, 41
"""Ranks after every spelling mistake, which has as its rank the number of its mistakes."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` most looks like, or "" where none does.

    First what other languages mean by it, then the fewest letters wrong, left out, added or swapped (a third of them at most; capitals, `_`
    and `-` count where nothing else tells two apart), then the word that it spells out, then the word that it begins or goes on.

    >>> nearest("whitin", ["from", "within"]), nearest("not_in", ["in", "nin"]), nearest("equals", ["eq", "ne"])
    ('within', 'nin', 'eq')
    """
    if len(word) > _LONGEST:
        return ""
    ranked = ((rank, _mistakes(word, name), place, name) for place, name in enumerate(known) if (rank := _rank(word, name)) is not None)
    return min(ranked, default=(0, 0, 0, ""))[3]


def guess(word: str, known: Iterable[str]) -> str:
    """The nearest as it stands behind a word that is none of them: ` (did you mean `within`?)`; nothing where none is near."""
    meant = nearest(word, known)
    return f" (did you mean `{printable(meant)}`?)" if meant else ""


def unknown(word: str, known: Iterable[str]) -> str:
    """The refusal of a word, with the one that was meant and with all that there are."""
    names = tuple(known)
    return f"`{printable(word)}` is not known here{guess(word, names)}; known: {listed(names)}"


def _rank(word: str, name: str) -> int | None:
    """How far the word is from the name; None where it is too far."""
    if _ELSEWHERE.get(word.lower()) == name:
        return -1
    given, wanted = _folded(word), _folded(name)
    mistakes = _mistakes(given, wanted)
    if mistakes <= max(1, len(given) // 3) and not _another_short_word(given, wanted):
        return mistakes
    words = [part.lower() for part in _WORD.findall(word)]
    if len(words) > 1 and _abbreviates(wanted, words):
        return _ABBREVIATED
    shorter, longer = sorted((given, wanted), key=len)
    return _BEGUN if len(shorter) > 1 and longer.startswith(shorter) else None


def _another_short_word(given: str, wanted: str) -> bool:
    """With another letter in it, a word of up to three letters is another word: `and` is no misspelt `any`."""
    return min(len(given), len(wanted)) < 2 or (len(given) == len(wanted) < 4 and sorted(given) != sorted(wanted))


def _folded(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())


def _mistakes(given: str, wanted: str) -> int:
    """Letters to change, add, remove or swap with their neighbour: https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance
    (the optimal string alignment distance)."""
    before: list[int] = []
    last = list(range(len(wanted) + 1))
    for row, letter in enumerate(given, start=1):
        this = [row]
        for column, other in enumerate(wanted, start=1):
            least = min(last[column] + 1, this[-1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == wanted[column - 2] and given[row - 2] == other:
                least = min(least, before[column - 2] + 1)
            this.append(least)
        before, last = last, this
    return last[-1]


def _abbreviates(name: str, words: list[str]) -> bool:
    """Whether the beginnings of the words, one after another, make the name: `gte` of `greater than or equal`."""
    if not words:
        return not name
    first, rest = words[0], words[1:]
    shortest = 0 if first in _FILLERS else 1
    return any(name[:taken] == first[:taken] and _abbreviates(name[taken:], rest) for taken in range(shortest, min(len(name), len(first)) + 1))
