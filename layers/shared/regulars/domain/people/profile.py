"""What is known of a person, or was told by an anonymous id: traits, and which devices to look at, merged from events in whatever order they arrive.

For each trait the latest wins, by the one order of events (`collection.change`): `at` is the event's own time (ISO 8601 UTC with
milliseconds), and `tie` decides within a moment. So every order of arrival ends in the same profile, and arriving twice changes nothing.

What other ids of the person told stays with these, each a profile of its own, and is looked up through `linked` when somebody asks for the person
(`usecases.whole_profiles`): so that a link can be undone. docs/decisions/0033-anonymous-traits.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import orjson

from regulars.domain.collection.change import Change, is_anonymous
from regulars.domain.documents import JsonObject
from regulars.domain.people.traits import KeptTraits, KnownTrait, keep_latest, latest

MAX_PROFILE_BYTES: Final = 300_000
"""Of a profile's JSON. DynamoDB's item limit is 400 KB; past ours the oldest traits and devices go (the lake keeps all)."""


MOST_LINKS: Final = 25
"""Of a profile. Past it those that became theirs first go: each is one more read for every message to them."""


@dataclass(frozen=True, slots=True)
class Link:
    """`key`, under which the store keeps what an id told, is this person's since that moment (lake time); None: it is not theirs."""

    user_id: str
    key: str
    since: str | None


@dataclass(frozen=True, slots=True)
class Profile:
    """One person, as of the last event that was loaded; `user_id` may be an `anonymous_key`."""

    user_id: str
    traits: Mapping[str, KnownTrait] = field(default_factory=dict)
    devices: Mapping[str, str] = field(default_factory=dict)
    """The ids of devices on which they identified or which they registered, with when they first did (ISO 8601 UTC). Whose these are now, the
    devices themselves say (`people.device`)."""
    linked: Mapping[str, str] = field(default_factory=dict)
    """Under which other keys there is more of this person, with the moment since which it is theirs."""

    @property
    def values(self) -> JsonObject:
        """The traits' values by name."""
        return self.traits.plain if isinstance(self.traits, KeptTraits) else {name: trait.value for name, trait in self.traits.items()}

    @property
    def former_ids(self) -> Sequence[str]:
        """User ids that became this one."""
        return [key for key in self.linked if not is_anonymous(key)] if self.linked else ()

    def merged(self, changes: Iterable[Change]) -> "Profile":
        """With the changes, all of which are this person's, in it."""
        traits, devices = dict(self.traits), dict(self.devices)
        for change in changes:
            for name, value in change.traits.items():
                keep_latest(traits, name, KnownTrait(value, change.at, change.tie))
            if change.device_id:
                devices[change.device_id] = min(change.at, devices.get(change.device_id, change.at))
        return _within_limit(replace(self, traits=traits, devices=devices))

    def linking(self, links: Iterable[Link]) -> "Profile":
        """With what is theirs now, and without what is not. The same links again change nothing."""
        linked = dict(self.linked)
        for link in links:
            if link.since is None:
                linked.pop(link.key, None)
            else:
                linked[link.key] = link.since
        newest = sorted(linked, key=lambda key: (linked[key], key))[-MOST_LINKS:]
        return replace(self, linked={key: linked[key] for key in newest})

    def joined(self, others: Iterable["Profile"]) -> "Profile":
        """With the traits that other ids of this person told: of each trait the latest counts, whoever told it."""
        traits = dict(self.traits)
        for other in others:
            for name, trait in other.traits.items():
                traits[name] = latest(trait, *([traits[name]] if name in traits else []))
        return replace(self, traits=traits)


def _within_limit(profile: Profile) -> Profile:
    excess = len(orjson.dumps(profile)) - MAX_PROFILE_BYTES
    if excess <= 0:
        return profile
    traits, devices = dict(profile.traits), dict(profile.devices)
    dated = [(trait.at, "traits", name) for name, trait in traits.items()] + [(at, "devices", name) for name, at in devices.items()]
    for _, section, name in sorted(dated):
        gone: KnownTrait | str = traits.pop(name) if section == "traits" else devices.pop(name)
        excess -= len(orjson.dumps({name: gone})) - 1
        if excess <= 0:
            break
    return replace(profile, traits=traits, devices=devices)
