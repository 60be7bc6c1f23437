"""What holds for the whole installation: what consent is asked for, how much is sent a day, when a device counts as gone, by whose clock, and
how many people no campaign reaches.

One document, kind and id `settings` among the definitions, so that every version is kept with who put it and when. docs/campaigns.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from regulars.domain.collection.consents import CHANNEL, TRANSACTIONAL
from regulars.domain.delivery.caps import MAX_COUNT, Cap, Limit
from regulars.domain.delivery.gates import ConsentGate, DeviceGate
from regulars.domain.delivery.global_control import GlobalControl, global_control
from regulars.domain.delivery.options import DeliveryOptions
from regulars.domain.delivery.policy import Policy
from regulars.domain.delivery.shares import percent_of, read_share
from regulars.domain.delivery.zones import zone_named
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidSettingsError
from regulars.domain.language import PURPOSE, Fields, Value, guess, listed, printable, read_span
from regulars.domain.purchase import Purchase, purchase_document, read_purchase
from regulars.domain.reasons import CAPPED, DAILY_LIMIT
from regulars.domain.segments.zones import read_zone

SETTINGS_ID: Final = "settings"

Asks = Literal["opt_in", "opt_out"]
"""`opt_in`: only who said yes. `opt_out`: all but who said no."""

MOST_PURPOSES: Final = 100
"""Ours: people choose among a handful."""

_KEYS: Final = ("id", "purposes", "daily_limit", "stale_after_days", "timezone", "global_control", "purchase", "location")
_UNITS: Final = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)))
_LONGEST_DWELL: Final = timedelta(hours=12)
_LONGEST_AGAIN: Final = timedelta(days=30)
_ASKS: Final[tuple[Asks, ...]] = ("opt_in", "opt_out")
_LONGEST_STALE: Final = 3_650


@dataclass(frozen=True)
class LocationSettings:
    """That where events say people were is matched with the lists of places, and no finer point than a kilometre is kept of them. `dwell` is how long
    somebody has to be at a place to have come to it, `again_after` after how long they may have come to it anew."""

    dwell: timedelta = timedelta(minutes=2)
    again_after: timedelta = timedelta(days=1)


@dataclass(frozen=True)
class Settings:
    """As they are where nobody has put any."""

    purposes: Mapping[str, Asks] = field(default_factory=dict)
    daily_limit: int | None = None
    """Pushes of all campaigns together to one person in any 24 hours; None: as many as there are."""
    stale_after_days: int = 30
    """FCM calls a registration stale that has not connected for a month: https://firebase.google.com/docs/cloud-messaging/manage-tokens."""
    timezone: str = "UTC"
    """Of whoever tells none."""
    global_control_buckets: int = 0
    """How many of the 10,000 buckets no campaign reaches: a hundred times the per cent."""
    purchase: Purchase | None = None
    """None: it is found by its usual names."""
    location: LocationSettings | None = None
    """None: nobody looks where people are."""

    def global_control(self, at: datetime, purpose: str = "") -> GlobalControl | None:
        """Who is held out, at a moment, of all messages of a purpose; None where nobody is."""
        return global_control(self.global_control_buckets, at, purpose=purpose)

    def promises(self, delivery: DeliveryOptions, moment: datetime, *, zone: str = "", notes: bool = False) -> Policy:
        """What is promised to everybody who is sent to as of the moment. `zone` is that of people who tell none, if it is not the settings' own;
        `notes`: somebody else counts what people are sent."""
        limits = [Limit(delivery.cap, CAPPED)] if delivery.cap else []
        if self.daily_limit and delivery.purpose != TRANSACTIONAL:
            limits.append(Limit(Cap(self.daily_limit, timedelta(days=1)), DAILY_LIMIT))
        return Policy(
            devices=DeviceGate(moment, timedelta(days=self.stale_after_days)),
            consent=ConsentGate(delivery.purpose, self.asks(delivery.purpose) == "opt_in"),
            zone=zone_named(zone or self.timezone) or UTC,
            quiet_hours=delivery.quiet_hours,
            limits=limits,
            noted=delivery.purpose != TRANSACTIONAL and (notes or bool(limits)),
        )

    def asks(self, purpose: str) -> Asks:
        """What the purpose asks of people. One that nobody declared asks nothing but to be heard when they say no, as long as none is declared; then
        it asks for a yes: it may be an old word for one that does."""
        return self.purposes.get(purpose, "opt_in" if self.purposes and self.doubt(purpose) else "opt_out")

    def doubt(self, purpose: str) -> str:
        """What is odd about a purpose that messages are for, or empty."""
        if purpose in ("", TRANSACTIONAL, CHANNEL) or purpose in self.purposes:
            return ""
        reached = "only those who said yes to it" if self.purposes else "all but those who said no to it"
        return f"`{printable(purpose)}` is not declared in the settings{guess(purpose, self.purposes)}, and would reach {reached}"

    def slip(self, purpose: str) -> str:
        """Why it cannot be meant, or empty: once somebody declared what consent is asked for, another word is a slip of the pen."""
        doubt = self.doubt(purpose) if self.purposes else ""
        return f"{doubt}; known: {listed((*self.purposes, TRANSACTIONAL))}" if doubt else ""


def parse_settings(document: object) -> Settings:
    """Raises InvalidSettingsError, which names the field."""
    given = Fields(Value(document, InvalidSettingsError)).only(_KEYS)
    default = Settings()
    if "id" in given and given["id"].raw != SETTINGS_ID:
        given["id"].refuse(f"there is one document of settings, and its id is `{SETTINGS_ID}`")
    return Settings(
        purposes=_purposes(given.section("purposes")),
        daily_limit=given["daily_limit"].whole(1, MAX_COUNT) if "daily_limit" in given and given["daily_limit"].raw is not None else None,
        stale_after_days=given["stale_after_days"].whole(1, _LONGEST_STALE) if "stale_after_days" in given else default.stale_after_days,
        timezone=read_zone(given["timezone"]) if "timezone" in given else default.timezone,
        global_control_buckets=_held_out(given.section("global_control").only(("percent",))),
        purchase=read_purchase(given["purchase"]) if "purchase" in given else None,
        location=_location(given["location"]) if "location" in given and given["location"].raw is not None else None,
    )


def settings_document(settings: Settings) -> JsonObject:
    """All of it, with what nobody said as it is then: what was got can be put."""
    return {
        "purposes": dict(settings.purposes),
        "daily_limit": settings.daily_limit,
        "stale_after_days": settings.stale_after_days,
        "timezone": settings.timezone,
        "global_control": {"percent": percent_of(settings.global_control_buckets)},
        "purchase": purchase_document(settings.purchase) if settings.purchase else None,
        "location": _location_document(settings.location) if settings.location else None,
    }


def _location(value: Value) -> LocationSettings:
    """`{"match": true, "dwell": "2m", "again_after": "1d"}`."""
    given, default = Fields(value).only(("match", "dwell", "again_after")), LocationSettings()
    if given["match"].raw is not True:
        given["match"].refuse("only `true` has a meaning: leave `location` out, or put null, to look at nobody's")
    return LocationSettings(
        _span(given["dwell"], _LONGEST_DWELL) if "dwell" in given else default.dwell,
        _span(given["again_after"], _LONGEST_AGAIN) if "again_after" in given else default.again_after,
    )


def _span(value: Value, most: timedelta) -> timedelta:
    span = timedelta() if value.raw == "0" else read_span(value)
    if span > most:
        value.refuse(f"at most {most.days}d" if most.days else f"at most {most // timedelta(hours=1)}h")
    return span


def _location_document(location: LocationSettings) -> JsonObject:
    return {"match": True, **{name: _said(span) for name, span in (("dwell", location.dwell), ("again_after", location.again_after))}}


def _said(span: timedelta) -> str:
    """In the largest unit that it is a whole number of."""
    return next((f"{span // length}{unit}" for unit, length in _UNITS if not span % length)) if span else "0"


def _held_out(given: Fields) -> int:
    return read_share(given["percent"]) if "percent" in given else Settings().global_control_buckets


def _purposes(given: Fields) -> Mapping[str, Asks]:
    names = list(given)
    if len(names) > MOST_PURPOSES:
        given.value.refuse(f"{len(names)} purposes; at most {MOST_PURPOSES}")
    for name in names:
        if not PURPOSE.admits(name):
            given[name].refuse(f"a purpose is no such word: {PURPOSE}")
        if name == TRANSACTIONAL:
            given[name].refuse(f"`{TRANSACTIONAL}` is what nobody is asked about: it passes every consent but a no to all pushes")
    return {name: given[name].choice(_ASKS) for name in names}
