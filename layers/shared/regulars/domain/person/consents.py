"""What a person agreed to, as a campaign's purpose would find it (`people.consents`), and by which traits they said so."""

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.domain.collection.consents import CHANNEL, EVERYTHING, spoken_of
from regulars.domain.people.consents import ConsentTo
from regulars.domain.people.traits import KnownTrait
from regulars.domain.settings import Asks, Settings


@dataclass(frozen=True, slots=True)
class Consent:
    """What one trait says: whether they agreed, to what (`everything` where the trait names nothing), and when they said so."""

    agreed: bool
    at: str
    purpose: str


@dataclass(frozen=True, slots=True)
class PurposeStanding:
    """`agreed` is None of whoever said nothing. `reached`: whether a campaign with this purpose, which `asks` for it so, may send to them."""

    agreed: bool | None
    asks: Asks
    reached: bool


def consents_of(traits: Mapping[str, KnownTrait]) -> Mapping[str, Consent]:
    """By the trait, as in `push_opted_out` or `consent.news`. What is neither true nor false says nothing."""
    values = {name: trait.value for name, trait in traits.items()}
    return {
        ".".join(path): Consent(agreed, traits[path[0]].at, purpose if purpose != EVERYTHING else "everything")
        for purpose, path, agreed in spoken_of(values)
    }


def purposes_of(traits: Mapping[str, KnownTrait], settings: Settings) -> Mapping[str, PurposeStanding]:
    """Of each purpose that is declared or that they spoke of; the channel is one of these."""
    values = {name: trait.value for name, trait in traits.items()}
    named = {purpose for purpose, _, _ in spoken_of(values) if purpose != EVERYTHING}
    wants_pushes = ConsentTo(CHANNEL).of(values) is not False
    return {
        purpose: _standing(ConsentTo(purpose).of(values), settings.asks(purpose), wants_pushes) for purpose in sorted({*settings.purposes, *named})
    }


def _standing(agreed: bool | None, asks: Asks, wants_pushes: bool) -> PurposeStanding:
    return PurposeStanding(agreed, asks, wants_pushes and (agreed if agreed is not None else asks == "opt_out"))
