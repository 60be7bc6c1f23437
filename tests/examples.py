"""A definition, a run and a person as tests need them; what a test does not say is of no matter to it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from regulars.domain.campaigns.run import Run
from regulars.domain.collection.device import PushTarget
from regulars.domain.definitions import Definition, DefinitionKind
from regulars.domain.documents import JsonObject
from regulars.domain.people.device import NEVER, Device, Registration, Use
from regulars.domain.people.profile import Profile
from regulars.domain.people.traits import KnownTrait
from tests.fakes.clock import MOMENT

CAMPAIGN: JsonObject = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"body": "x"}}}
SEEN = "2026-11-01T00:00:00.000Z"


def definition(kind: DefinitionKind, document: JsonObject, version: int = 1) -> Definition:
    return Definition(kind, document["id"], version, document, MOMENT, "tests")


def campaign_run(
    run_id: str = "spring-1",
    campaign: JsonObject = CAMPAIGN,
    *,
    segments: Iterable[JsonObject] = (),
    as_of: datetime | None = None,
    launched_at: datetime = MOMENT,
    **fields: Any,
) -> Run:
    """Launched at MOMENT, as of then or of a past moment."""
    run = Run(
        run_id=run_id,
        campaign=definition("campaign", campaign),
        segments={segment["id"]: definition("segment", segment) for segment in segments},
        as_of=as_of or launched_at,
        planned_at=as_of or launched_at,
        launched_at=launched_at,
        launched_by="tests",
    )
    return replace(run, **fields)


def person(user_id: str, **traits: Any) -> Profile:
    return Profile(user_id, {name: KnownTrait(value, SEEN) for name, value in traits.items()})


def phone(device_id: str, user_id: str | None, token: str | None, *, at: str = SEEN, platform: str = "ios", locale: str | None = None) -> Device:
    """A phone that somebody uses, for whom it was registered if there is a token."""
    registration = Registration(at, "", user_id, PushTarget("token", token)) if token else NEVER
    return Device(device_id, Use(at, "", user_id, platform, locale), registration)
