"""A mapping file: which columns of a CSV mean what, as one or several events a row.

    {"delimiter": ";", "encoding": "cp1252", "decimal": ",",
     "type": "identify", "userId": "customer_no", "traits": {"email": "E-Mail", "total": {"column": "Umsatz", "cast": "number"}}}
    {"events": [{"type": "identify", ...}, {"type": "track", "event": "Order Completed", ...}]}

Where a column is meant, its name stands, or an object with it and with what its text is cast to; or `{"value": ...}`, which all rows have.
An empty field says nothing. Numbers and dates are only taken as what they plainly are: mending them is for cleaning, after this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from regulars.domain.collection.rejection import EventRejectedError
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError
from regulars.domain.imports.casts import Cast, CastError, cast_of
from regulars.domain.language import Fields, Value, unknown

ENCODINGS: Final = ("utf-8", "cp1252", "iso-8859-1")
DELIMITERS: Final = (",", ";", "\t", "|")
DECIMALS: Final = (".", ",")
TYPES: Final = ("identify", "track", "page", "screen", "group", "alias")
MAX_EVENTS: Final = 16
"""Of one row."""

_TEXTS: Final = ("userId", "anonymousId", "messageId", "groupId", "previousId", "timestamp")
_OBJECTS: Final = ("traits", "properties", "context")
_EVENT: Final = ("type", "event", *_TEXTS, *_OBJECTS)
_FILE: Final = ("delimiter", "encoding", "decimal")
_COLUMN: Final = ("column", "cast", "format", "timezone")

Setter = tuple[tuple[str, ...], int, Cast]
"""Where in the event it goes, which field of the row it is, and what that becomes."""


@dataclass(frozen=True)
class Field:
    """One column's way into an event: `path` says where to, `column` is the value that names it."""

    path: tuple[str, ...]
    column: Value
    cast: Cast


@dataclass(frozen=True)
class EventMapping:
    """`constant` is what every row's event has."""

    constant: JsonObject
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class RowMapping:
    """A mapping for rows of these columns."""

    columns: Sequence[str]
    meanings: Sequence[tuple[JsonObject, Sequence[Setter]]]

    def events(self, row: Sequence[str]) -> list[dict[str, Any]]:
        """Raises EventRejectedError("unmappable_row") where a field is not what it is cast to."""
        return [self._event(row, constant, setters) for constant, setters in self.meanings]

    def _event(self, row: Sequence[str], constant: JsonObject, setters: Sequence[Setter]) -> dict[str, Any]:
        event = _copied(constant)
        for path, index, cast in setters:
            text = row[index]
            if text and not text.isspace():
                try:
                    _put(event, path, cast(text))
                except CastError as error:
                    raise EventRejectedError("unmappable_row", f"column `{self.columns[index]}`: {error}") from error
        return event


@dataclass(frozen=True)
class CsvMapping:
    """A mapping file that was read. How a file is written stands beside what its rows mean."""

    events: tuple[EventMapping, ...]
    delimiter: str = ","
    encoding: str = "utf-8"

    def bound(self, columns: Sequence[str]) -> RowMapping:
        """Raises InvalidRequestError for a column that the file does not have, with the nearest one, or has twice."""
        places = {name: place for place, name in enumerate(columns)}
        for field in (field for event in self.events for field in event.fields):
            name = field.column.text()
            if name not in places:
                field.column.refuse(f"the file has no such column: {unknown(name, columns)}")
            if list(columns).count(name) > 1:
                field.column.refuse(f"the file has several columns `{name}`")
        meanings = [(event.constant, [(field.path, places[field.column.text()], field.cast) for field in event.fields]) for event in self.events]
        return RowMapping(columns, meanings)


def mapping_of(document: object) -> CsvMapping:
    """Reads a mapping file. Raises InvalidRequestError with the path of what is wrong, and what is allowed."""
    fields = Fields(Value(document, InvalidRequestError, "mapping"))
    several = "events" in fields
    fields.only((*_FILE, "events") if several else (*_FILE, *_EVENT))
    decimal = fields["decimal"].choice(DECIMALS) if "decimal" in fields else "."
    stated = [Fields(value).only(_EVENT) for value in fields["events"].items(MAX_EVENTS)] if several else [fields]
    return CsvMapping(
        events=tuple(_event(event, decimal) for event in stated),
        delimiter=fields["delimiter"].choice(DELIMITERS) if "delimiter" in fields else ",",
        encoding=fields["encoding"].choice(ENCODINGS) if "encoding" in fields else "utf-8",
    )


def _event(fields: Fields, decimal: str) -> EventMapping:
    kind = fields["type"].choice(TYPES)
    constant: dict[str, Any] = {"type": kind}
    found: list[Field] = []
    if kind == "track" or "event" in fields:
        _event_name(fields["event"], constant, found, decimal)
    for name in _TEXTS:
        if name in fields:
            _place(fields[name], (name,), constant, found, decimal, cast="time" if name == "timestamp" else "text")
    for name in _OBJECTS:
        for key in fields.section(name):
            _place(fields.section(name)[key], (name, *key.split(".")), constant, found, decimal, cast="text")
    if not {"userId", "anonymousId"} & {field.path[0] for field in found}:
        fields.value.refuse("whose event it is must come from a column: `userId` or `anonymousId`")
    return EventMapping(constant, tuple(found))


def _event_name(value: Value, constant: dict[str, Any], found: list[Field], decimal: str) -> None:
    """A text is the name itself; of a column it is `{"column": ...}`."""
    if isinstance(value.raw, dict):
        _place(value, ("event",), constant, found, decimal, cast="text")
    else:
        constant["event"] = value.text()


def _place(value: Value, path: tuple[str, ...], constant: dict[str, Any], found: list[Field], decimal: str, *, cast: str) -> None:
    if isinstance(value.raw, str):
        value.text()
        found.append(Field(path, value, cast_of(cast, Fields(value.at("", {})), decimal=decimal)))
        return
    fields = Fields(value)
    if "value" in fields:
        _put(constant, path, fields.only(("value",))["value"].raw)
        return
    fields.only(_COLUMN)
    fields["column"].text()
    wanted = fields["cast"].text() if "cast" in fields else cast
    found.append(Field(path, fields["column"], cast_of(wanted, fields, decimal=decimal)))


def _put(event: dict[str, Any], path: Sequence[str], value: Any) -> None:
    *holders, last = path
    for name in holders:
        event = event.setdefault(name, {})
    event[last] = value


def _copied(constant: JsonObject) -> dict[str, Any]:
    return {name: _copied(value) if isinstance(value, dict) else value for name, value in constant.items()}
