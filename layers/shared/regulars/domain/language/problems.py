"""Every problem of a document at once: what the strict reader refuses is noted, and reading goes on with what stands beside it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from regulars.domain.errors import RefusedError
from regulars.domain.language.fields import NOTHING, Fields
from regulars.domain.language.suggestions import nearest
from regulars.domain.language.value import Value, repeated
from regulars.domain.language.wording import listed, printable

_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where in the document: `steps.day.within`."""

    path: str
    message: str


def refusal(error: type[RefusedError], found: Sequence[Problem]) -> RefusedError:
    """Of a document in which there is something wrong: it names the first problem, says how many more there are, and has them all."""
    first, more = found[0], len(found) - 1
    others = f" (and {more} more problem{'' if more == 1 else 's'})" if more else ""
    return error(first.message + others, field=first.path, problems=[(each.path, each.message) for each in found])


@dataclass
class Problems:
    """In the order in which they were found; each once."""

    _found: dict[Problem, None] = field(default_factory=dict)
    _strayed: set[str] = field(default_factory=set)
    """Where an object has a key that is not known."""

    @property
    def found(self) -> list[Problem]:
        return list(self._found)

    def note(self, path: str, message: str) -> None:
        self._found.setdefault(Problem(path, message))

    def within(self, path: str) -> bool:
        """Whether any was found there, or further in."""
        return any(each.path == path or each.path.startswith((f"{path}.", f"{path}[")) for each in self._found)

    def refuse(self, error: type[RefusedError]) -> None:
        """Raises it with all that was found, if anything was."""
        if self._found:
            raise refusal(error, self.found)

    def read(self, reader: Callable[[Value], _Read], value: Value) -> _Read | None:
        """What the reader makes of the value; None, and a problem, or all that it found, where it refuses it."""
        try:
            return reader(value)
        except RefusedError as refused:
            for path, message in refused.problems or ((refused.field, refused.said),):
                self.note(path, message)
            return None

    def optional(self, reader: Callable[[Value], _Read], fields: Fields, key: str, default: _Read) -> _Read:
        """The same of a key that may be left out."""
        found = self.read(reader, fields[key]) if key in fields else None
        return default if found is None else found

    def required(self, reader: Callable[[Value], _Read], fields: Fields, key: str) -> _Read | None:
        """The same of a key that may not be left out. Beside one that is not known, which may be this one misspelt, it is not said to be missing."""
        return None if key not in fields and fields.value.path in self._strayed else self.read(reader, fields[key])

    def fields(self, value: Value, known: Iterable[str], refused: Mapping[str, str] = NOTHING) -> Fields | None:
        """The fields of an object, each unknown key of which is a problem; None where it is no object."""
        names = tuple(known)
        given = self.read(Fields, value)
        if given is not None:
            for key in given:
                if key not in names:
                    self._refuse_key(given, key, names, refused)
                    self._strayed.add(value.path)
        return given

    def members(self, value: Value) -> list[tuple[str, Value]]:
        """Each key of an object with its value; none, and a problem, where it is no object."""
        given = self.read(Fields, value)
        return [(key, given[key]) for key in given] if given is not None else []

    def each(self, reader: Callable[[Value], _Read], value: Value, limit: int) -> list[_Read]:
        """Of a list that holds something, the entries that can be read."""
        entries = self.read(lambda it: it.items(limit), value) or []
        return [read for entry in entries if (read := self.read(reader, entry)) is not None]

    def different(self, values: Iterable[Value]) -> None:
        """A problem for each that is the same text as one before."""
        for value in repeated(values):
            self.note(value.path, f"`{printable(str(value.raw))}` is named twice")

    def one_of(self, fields: Fields, kinds: Iterable[str], noun: str) -> str | None:
        """The one key that says which kind of `noun` it is."""
        known = tuple(kinds)
        found = [key for key in fields if key in known]
        if len(found) == 1:
            return found[0]
        if found:
            self.note(fields.value.path, f"{listed(found)} cannot stand together: {noun} is one of them")
        elif misspelt := [key for key in fields if nearest(key, known)]:
            self._refuse_key(fields, misspelt[0], known, NOTHING)
        else:
            self.note(fields.value.path, f"{noun} says what it is by one of {listed(known)}")
        return None

    def _refuse_key(self, fields: Fields, key: str, known: tuple[str, ...], refused: Mapping[str, str]) -> None:
        def refuse(_: Value) -> None:
            fields.refuse_key(key, known, refused)

        self.read(refuse, fields.value)
