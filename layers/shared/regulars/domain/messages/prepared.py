"""A push that is as good as encoded: what does not depend on the person is made into FCM's JSON once, and each person's texts are put into its gaps.

Which gaps there are depends on which texts say something, for one that does not is left out: so there is a form for each set of those that are left
out, made when it is needed first. A body is the same, byte for byte, as if `fcm_message` had made and orjson had written it anew.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson

from regulars.domain.collection.device import PushTarget
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.language import Problems, Value
from regulars.domain.messages.environment import Names
from regulars.domain.messages.fcm import fcm_message
from regulars.domain.messages.liquid import KNOWN, LiquidText, RenderError, Roots
from regulars.domain.messages.template import holds_liquid
from regulars.domain.messages.visible import BUTTON, IMAGES, LABELS, NAMES, SEEN, Place, shows_something, stays

MAX_COLLAPSE_ID_BYTES: Final = 64
"""apns-collapse-id "must not exceed 64 bytes"
(https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns)."""

_KEY: Final[Place] = ("collapse_key",)
_NOTHING: Final = object()
_MAY_GO: Final = SEEN | LABELS | IMAGES | NAMES

_MOST_FORMS: Final = 256
"""Kept of a push, a kilobyte or two each. With ten texts that people may lack there could be a thousand."""


class Ids(NamedTuple):
    """What a body says beside its texts. `first_id` is the id of the first message that this one may repeat, which is its own where there is none."""

    target: PushTarget
    run_id: str
    message_id: str
    first_id: str
    expires: str
    """Unix time in seconds, for Apple; empty where the message has no time to live."""


class FieldError(Exception):
    """The text at `field` cannot be rendered for somebody."""

    def __init__(self, text: LiquidText, error: RenderError) -> None:
        super().__init__(f"{text.path}, {error}")
        self.text, self.line, self.because = text, error.line, error.because


@dataclass(frozen=True, slots=True)
class _Gap:
    """A text that is rendered for each person, and the bit of it in a set of texts. `may_go`: it is left out where it says nothing."""

    number: int
    text: LiquidText
    place: Place
    may_go: bool


class _Hole(str):
    """Stands in a message for the value of this number. (It is no empty text, so that `fcm_message` keeps it.)"""

    number: int

    def __new__(cls, number: int) -> "_Hole":
        hole = super().__new__(cls, f"<{number}>")
        hole.number = number
        return hole


@dataclass(frozen=True, slots=True)
class _Form:
    """A body in pieces, with the places of those that a value's JSON is put into."""

    pieces: Sequence[bytes]
    holes: Sequence[tuple[int, int]]

    def filled(self, values: Sequence[str]) -> bytes:
        pieces = list(self.pieces)
        for place, number in self.holes:
            pieces[place] = orjson.dumps(values[number])
        return b"".join(pieces)


def compiled(value: Any, path: str, known: Roots = KNOWN) -> Any:
    """The same JSON, with its Liquid parsed, that may say the names `known`. Raises InvalidCampaignError, naming the first field that is wrong under
    `path`, with all problems."""
    problems = Problems()
    found = _compiled(Value(value, InvalidCampaignError, path), known, problems)
    problems.refuse(InvalidCampaignError)
    return found


def _compiled(value: Value, known: Roots, problems: Problems) -> Any:
    match value.raw:
        case Mapping() as fields:
            return {key: _compiled(value.at(key, one), known, problems) for key, one in fields.items()}
        case list() as entries:
            return [_compiled(Value(one, value.error, f"{value.path}[{index}]"), known, problems) for index, one in enumerate(entries)]
        case str() as text if holds_liquid(text):
            return problems.read(lambda it: LiquidText(text, it.path, known), value)
    return value.raw


@dataclass(eq=False)
class PreparedPush:
    """`push` is a document as `fcm_message` takes it, compiled. `tracking`: what is in every body's `data`, beside the ids of the run and the
    message. `replaces_itself`: should it go out twice, the second replaces the first on the device."""

    push: Mapping[str, Any]
    tracking: Mapping[str, str]
    replaces_itself: bool
    _gaps: list[_Gap] = field(init=False, default_factory=list)
    _forms: dict[tuple[int, str], _Form] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._tree = self._with_gaps(self.push, ())
        self.texts: Sequence[LiquidText] = [gap.text for gap in self._gaps]
        seen = sum(1 << gap.number for gap in self._gaps if gap.place in SEEN)
        self._must_be_seen = 0 if shows_something(self.push) else seen
        keys = [gap.number for gap in self._gaps if gap.place == _KEY]
        self._key = keys[0] if keys else None

    def body(self, names: Callable[[], Names], ids: Ids) -> bytes | None:
        """FCM's request; None where nothing is left of what people were to see. Raises FieldError."""
        values, gone = self._rendered(names) if self._gaps else ([], 0)
        if self._must_be_seen and gone & self._must_be_seen == self._must_be_seen:
            return None
        form = self._forms.get((gone, ids.target.kind)) or self._make_form(gone, ids)
        key = values[self._key] if self._key is not None and not gone & 1 << self._key else ids.first_id
        return form.filled([*values, ids.target.value, ids.run_id, ids.message_id, ids.first_id, _collapse_id(key), ids.expires])

    def _rendered(self, names: Callable[[], Names]) -> tuple[list[str], int]:
        """The texts, and the set of those that are left out."""
        seen, values, gone = names(), list[str](), 0
        for gap in self._gaps:
            try:
                text = gap.text.render(seen)
            except RenderError as error:
                raise FieldError(gap.text, error) from error
            if gap.may_go and not stays(text, gap.place):
                gone |= 1 << gap.number
            values.append(text)
        return values, gone

    def _with_gaps(self, value: Any, place: Place) -> Any:
        match value:
            case dict():
                return {key: self._with_gaps(one, (*place, key)) for key, one in value.items()}
            case list():
                return [self._with_gaps(one, (*place, "")) for one in value]
            case LiquidText():
                gap = _Gap(len(self._gaps), value, place, place in _MAY_GO)
                self._gaps.append(gap)
                return gap
        return value

    def _make_form(self, gone: int, ids: Ids) -> _Form:
        target, run_id, message_id, first_id, collapse_id, expires = (_Hole(len(self._gaps) + number) for number in range(6))
        left = _without(self._tree, (), gone)
        push: dict[str, Any] = {} if left is _NOTHING else left
        if self.replaces_itself and not push.get("collapse_key"):
            push["collapse_key"] = first_id
        headers: dict[str, str] = {"apns-expiration": expires} if ids.expires else {}
        key = push.get("collapse_key", "")
        if isinstance(key, _Hole):
            headers["apns-collapse-id"] = collapse_id
        elif key != _collapse_id(key):
            headers["apns-collapse-id"] = _collapse_id(key)
        if headers:
            apns = push.get("apns", {})
            push["apns"] = {**apns, "headers": {**headers, **apns.get("headers", {})}}
        tracking = {**self.tracking, "run_id": run_id, "message_id": message_id}
        message = fcm_message(push, PushTarget(ids.target.kind, target), tracking)
        if len(self._forms) >= _MOST_FORMS:
            self._forms.clear()
        form = self._forms[gone, ids.target.kind] = _form({"message": message})
        return form


def _collapse_id(key: str) -> str:
    short = len(key) * 4 <= MAX_COLLAPSE_ID_BYTES or len(key.encode()) <= MAX_COLLAPSE_ID_BYTES
    return key if short else hashlib.sha256(key.encode()).hexdigest()[:32]


def _without(value: Any, place: Place, gone: int) -> Any:
    """The push without the texts that are left out, and without what held nothing else, which may be all of it: `_NOTHING`."""
    match value:
        case dict():
            kept = {key: one for key, each in value.items() if (one := _without(each, (*place, key), gone)) is not _NOTHING}
            bare = place == BUTTON and "title" in value and "title" not in kept
            return _NOTHING if bare or (value and not kept) else kept
        case list():
            left = [_without(one, (*place, ""), gone) for one in value]
            return [one for one in left if one is not _NOTHING] if (*place, "") == BUTTON else left
        case _Gap():
            return _NOTHING if gone & 1 << value.number else _Hole(value.number)
        case str() if not stays(value, place):
            return _NOTHING
    return value


def _form(request: Any) -> _Form:
    pieces, holes = [b""], list[tuple[int, int]]()
    for piece in _written(request):
        if isinstance(piece, _Hole):
            holes.append((len(pieces), piece.number))
            pieces += [b"", b""]
        else:
            pieces[-1] += piece
    return _Form(pieces, holes)


def _written(value: Any) -> Iterator[bytes | _Hole]:
    """As orjson writes it, but for the holes."""
    match value:
        case _Hole():
            yield value
        case dict():
            yield b"{"
            for index, (key, one) in enumerate(value.items()):
                yield b"," * bool(index) + orjson.dumps(key) + b":"
                yield from _written(one)
            yield b"}"
        case list():
            yield b"["
            for index, one in enumerate(value):
                yield b"," * bool(index)
                yield from _written(one)
            yield b"]"
        case _:
            yield orjson.dumps(value)
