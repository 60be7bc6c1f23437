"""What somebody said of themselves just before an event, and what they registered: it came with the event, ahead of what is loaded."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from regulars.domain.errors import ConflictError
from regulars.domain.journeys.inputs import JourneyInput, Trigger
from regulars.domain.people.device import Sightings
from regulars.ports import DeviceStore, ProfileStore
from regulars.usecases.merge_devices import merge_devices
from regulars.usecases.merge_profiles import merge_profiles


def learn_ahead(
    user_id: str, inputs: Sequence[JourneyInput], *, profiles: ProfileStore, devices: DeviceStore, time_left: Callable[[], timedelta]
) -> None:
    """By the merges of `load`, devices first as there; coming twice it is nothing new. Raises ConflictError where it cannot be written now."""
    triggers = [this for this in inputs if isinstance(this, Trigger)]
    seen: dict[str, Sightings] = {}
    for sighting in (each for this in triggers for each in this.seen if each.user_id == user_id and each.device.id):
        seen.setdefault(str(sighting.device.id), Sightings()).add(sighting)
    if seen and merge_devices(seen, devices=devices, time_left=time_left).undone:
        raise ConflictError(f"a device of {user_id} cannot be written")
    told = [change for this in triggers for change in this.told if change.user_id == user_id]
    if told and merge_profiles({user_id: told}, profiles=profiles, time_left=time_left).undone:
        raise ConflictError(f"the profile of {user_id} cannot be written")
