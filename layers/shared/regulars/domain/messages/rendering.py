"""A push, rendered for one device. The texts are Liquid (`liquid`); the form is FCM's (`fcm`), made as far as it goes beforehand (`prepared`)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

import orjson

from regulars.domain.collection.device import PushTarget
from regulars.domain.documents import JsonObject
from regulars.domain.language.fields import NOTHING
from regulars.domain.messages.dates import NOW
from regulars.domain.messages.environment import property_of
from regulars.domain.messages.fcm import PAYLOAD_LIMIT, merged, payload_bytes
from regulars.domain.messages.liquid import KNOWN, KNOWN_IN_JOURNEYS, Roots, TraitPath
from regulars.domain.messages.locales import chosen, tidy
from regulars.domain.messages.prepared import FieldError, Ids, PreparedPush, compiled
from regulars.domain.messages.template import PushTemplate
from regulars.domain.reasons import EMPTY_MESSAGE, MESSAGE_TOO_LARGE, NOT_SENT_REASONS, RENDER_FAILED

LANGUAGE_TRAITS = ("locale", "language")
"""Where a person's own language is, if their device does not tell one that the message has."""


class Addressee(NamedTuple):
    """Who is told, on which device; `message_id` names this message to the app, and with it in reports. `repeats` is the id of the first message that
    this one may repeat, where that is another. `locale` is what the device told of its language, or empty."""

    user_id: str
    target: PushTarget
    traits: JsonObject
    message_id: str
    repeats: str = ""
    locale: str = ""


class Occasion(NamedTuple):
    """When and for which run a message is rendered. In a journey a run is one person's: `event` is what it began with, `collected` what its last
    `collect` gathered."""

    run_id: str
    planned_at: dt.datetime
    now: dt.datetime
    event: JsonObject = NOTHING
    collected: Sequence[JsonObject] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """The campaign that a message belongs to: what its texts may say of it, and what the app reports it by."""

    campaign_id: str
    name: str
    variant: str

    known: ClassVar[Roots] = KNOWN

    @property
    def tracking(self) -> Mapping[str, str]:
        return {"campaign_id": self.campaign_id, "variant": self.variant}

    def names(self, occasion: Occasion) -> dict[str, Any]:
        told = {"id": self.campaign_id, "name": self.name, "variant": self.variant}
        return {"campaign": {**told, "run_id": occasion.run_id, "planned_at": occasion.planned_at}}


@dataclass(frozen=True, slots=True)
class StepOrigin:
    """The same of a journey's step."""

    journey_id: str
    name: str
    version: int
    step: str

    known: ClassVar[Roots] = KNOWN_IN_JOURNEYS

    @property
    def tracking(self) -> Mapping[str, str]:
        return {"journey_id": self.journey_id, "step": self.step}

    def names(self, occasion: Occasion) -> dict[str, Any]:
        told = {"id": self.journey_id, "name": self.name, "version": self.version, "step": self.step}
        return {"journey": told, "event": occasion.event, "collected": occasion.collected}


@dataclass(frozen=True, slots=True)
class Unsendable:
    """This addressee is not sent this message, for the `reason`: it cannot be made for them, or nobody is sent one. For the campaign's author: the
    `field` at fault with the `line` in it (from 1; 0 where no line is), in words `because` of what, and the traits `missing` that this person lacks,
    of those that the texts in question name."""

    reason: str
    outcome: Literal["failed", "skipped"] = "failed"
    field: str = ""
    line: int = 0
    because: str = ""
    missing: tuple[str, ...] = ()

    @property
    def complaint(self) -> str:
        """Why, without what is different for each person, so that people with the same trouble are counted together."""
        return f"line {self.line}: {self.because}" if self.line else NOT_SENT_REASONS[self.reason]


class MessageTemplate:
    """A message, its texts parsed once. Raises InvalidCampaignError, naming the field under `path`."""

    def __init__(self, push: PushTemplate, origin: Origin | StepOrigin, *, replaces_itself: bool, path: str) -> None:
        """`replaces_itself`: should it go out twice, the second replaces the first on the device."""
        self._origin, self.path, self._ttl = origin, path, push.ttl_seconds
        common = compiled(push.document(), path, origin.known)
        self._common = PreparedPush(common, origin.tracking, replaces_itself)
        self.languages = tuple(push.locales)
        """Those that it is told in beside the push's own."""
        self._told = {
            **{tidy(tag): self._in_language(tag, told, common, replaces_itself) for tag, told in push.locales.items()},
            **({push.locale: self._common} if push.locale else {}),
        }

    def render(self, to: Addressee, occasion: Occasion) -> bytes | Unsendable:
        """The request body for one device."""
        push = self._push(to)
        ids = Ids(to.target, occasion.run_id, to.message_id, to.repeats or to.message_id, self._expires(occasion.now))
        try:
            body = push.body(lambda: self._names(to, occasion), ids)
        except FieldError as error:
            return Unsendable(RENDER_FAILED, field=error.text.path, line=error.line, because=error.because, missing=_lacking(to, error.text.traits))
        if body is None:
            bare = tuple(sorted({trait for _, trait, is_bare in self.lacks(to) if is_bare}))
            return Unsendable(EMPTY_MESSAGE, field=self.path, because="no text is left that anybody would see", missing=bare)
        if len(body) > PAYLOAD_LIMIT and (size := payload_bytes(orjson.loads(body)["message"])) > PAYLOAD_LIMIT:
            # What FCM counts is all in the body, which is longer.
            return Unsendable(MESSAGE_TOO_LARGE, field=self.path, because=f"{size} bytes; FCM takes {PAYLOAD_LIMIT}")
        return body

    def lacks(self, to: Addressee) -> Iterator[tuple[str, str, bool]]:
        """The traits that this person lacks of those that their message names: the field, the trait, and whether nothing stands in for it."""
        for text in self._push(to).texts:
            for trait in text.traits:
                if _value(to.traits, trait) is None:
                    yield text.path, ".".join(trait), trait in text.printed

    @property
    def varies(self) -> bool:
        """Whether people read different things: a text has Liquid, or there are several languages."""
        return bool(self._common.texts or self._told)

    def traits(self) -> Iterator[tuple[str, TraitPath]]:
        """What the texts name, in each language, with the field."""
        texts = {text.path: text for push in (self._common, *self._told.values()) for text in push.texts}
        for path, text in texts.items():
            yield from ((path, trait) for trait in text.traits)

    def _in_language(self, tag: str, told: PushTemplate, common: JsonObject, replaces_itself: bool) -> PreparedPush:
        own = compiled(told.document(), f"{self.path}.locales.{tag}", self._origin.known)
        return PreparedPush(merged(common, own), self._origin.tracking, replaces_itself)

    def _push(self, to: Addressee) -> PreparedPush:
        if not self._told:
            return self._common
        return chosen(self._told, (to.locale, *map(to.traits.get, LANGUAGE_TRAITS))) or self._common

    def _names(self, to: Addressee, occasion: Occasion) -> dict[str, Any]:
        return {"person": {"user_id": to.user_id, "traits": to.traits}, **self._origin.names(occasion), NOW: occasion.now}

    def _expires(self, now: dt.datetime) -> str:
        if self._ttl is None:
            return ""
        return str(int(now.timestamp()) + self._ttl) if self._ttl else "0"


def _lacking(to: Addressee, traits: Iterable[TraitPath]) -> tuple[str, ...]:
    return tuple(sorted({".".join(trait) for trait in traits if _value(to.traits, trait) is None}))


def _value(traits: JsonObject, trait: TraitPath) -> Any:
    value: Any = traits
    for name in trait:
        value = property_of(value, name)
    return value
