"""What is known of one person now: traits, and the devices that are theirs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.domain.people.device import Device
from regulars.domain.people.traits import KnownTrait
from regulars.domain.person.consents import Consent, PurposeStanding, consents_of, purposes_of
from regulars.ports import DefinitionStore, DeviceStore, ProfileStore
from regulars.usecases.current_settings import current_settings
from regulars.usecases.whole_profiles import whole_profiles


@dataclass(frozen=True)
class OwnDevice:
    """A device that its person uses. `token` or `fid` leads pushes for them to it, since `registered_at`; both are None where nothing does. `at` is
    when it was seen last (to a day), `push_enabled` whether its system shows notifications (None: it never said)."""

    platform: str | None
    token: str | None
    fid: str | None
    locale: str | None
    timezone: str | None
    app_version: str | None
    at: str
    registered_at: str | None
    push_enabled: bool | None


@dataclass(frozen=True)
class ShownProfile:
    """`traits` by name, `devices` by id, `consents` by the trait that says so, `purposes` with what a campaign would make of them."""

    user_id: str
    traits: Mapping[str, KnownTrait]
    devices: Mapping[str, OwnDevice]
    consents: Mapping[str, Consent] = field(default_factory=dict)
    purposes: Mapping[str, PurposeStanding] = field(default_factory=dict)


def show_profile(user_id: str, *, profiles: ProfileStore, devices: DeviceStore, definitions: DefinitionStore) -> ShownProfile:
    """Raises NotFoundError for somebody who was never identified."""
    if not user_id:
        raise InvalidRequestError("whose profile?", field="user_id")
    found = whole_profiles([user_id], profiles=profiles)
    if user_id not in found:
        raise NotFoundError(
            f"there is no profile of {user_id!r}: no identify and no push token of theirs has been loaded, and other events make none"
        )
    profile = found[user_id]
    known = {name: stored.value for name, stored in devices.get_many(sorted(profile.devices)).items()}
    own = {name: _shown(device) for name, device in known.items() if device.owner == user_id}
    purposes = purposes_of(profile.traits, current_settings(definitions))
    return ShownProfile(user_id, dict(profile.traits), own, consents_of(profile.traits), purposes)


def _shown(device: Device) -> OwnDevice:
    use, target = device.use, device.target
    leads = {target.kind: target.value} if target else {}
    return OwnDevice(
        platform=use.platform,
        token=leads.get("token"),
        fid=leads.get("fid"),
        locale=use.locale,
        timezone=use.timezone,
        app_version=use.app_version,
        at=use.at,
        registered_at=device.registration.at if target else None,
        push_enabled=use.push_enabled,
    )
