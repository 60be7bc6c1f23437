"""Which journeys run, and by which of their versions: what launch, pause, resume and stop change."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from regulars.domain.errors import ConflictError, NotFoundError

Standing = Literal["live", "paused", "stopped"]
"""`paused`: people go on, and nothing is sent or called. `stopped`: nobody comes in, and everybody leaves."""


@dataclass(frozen=True)
class Listed:
    """A journey that was launched once. `versions` are those that were, in their order: the last takes people in, the others keep whom they have.
    `stopped_at` is when it was last stopped: whoever came in before is let out, also where it was launched again since."""

    journey_id: str
    standing: Standing
    versions: tuple[int, ...]
    changed_at: datetime
    changed_by: str
    stopped_at: datetime | None = None


@dataclass(frozen=True)
class Registry:
    """All of them by id. `revision` counts the changes, and `key` is where what is published of it lies; empty before the first launch."""

    journeys: Mapping[str, Listed] = field(default_factory=dict)
    revision: int = 0
    key: str = ""

    @property
    def is_idle(self) -> bool:
        """Whether nobody can come into any of them."""
        return all(each.standing == "stopped" for each in self.journeys.values())

    def listed(self, journey_id: str) -> Listed:
        """Raises NotFoundError."""
        if journey_id not in self.journeys:
            raise NotFoundError(f"the journey {journey_id} was never launched")
        return self.journeys[journey_id]

    def launched(self, journey_id: str, version: int, *, at: datetime, by: str) -> "Registry":
        """This version takes people in from now on, also where the journey was paused or stopped. The same registry where it does already."""
        known = self.journeys.get(journey_id)
        if known is None:
            return self._with(Listed(journey_id, "live", (version,), at, by))
        if known.standing == "live" and known.versions[-1] == version:
            return self
        if version < known.versions[-1]:
            raise ConflictError(
                f"version {known.versions[-1]} of the journey {journey_id} was launched already: save {version} anew to go back to it"
            )
        versions = known.versions if version == known.versions[-1] else (*known.versions, version)
        return self._with(replace(known, standing="live", versions=versions, changed_at=at, changed_by=by))

    def paused(self, journey_id: str, *, at: datetime, by: str) -> "Registry":
        """People go on, and nothing is sent. Raises NotFoundError, ConflictError."""
        return self._changed(journey_id, "paused", at, by)

    def resumed(self, journey_id: str, *, at: datetime, by: str) -> "Registry":
        """What was held back is sent. Raises NotFoundError, ConflictError."""
        return self._changed(journey_id, "live", at, by)

    def stopped(self, journey_id: str, *, at: datetime, by: str) -> "Registry":
        """Nobody comes in, and everybody leaves. Raises NotFoundError."""
        known = self.listed(journey_id)
        if known.standing == "stopped":
            return self
        return self._with(replace(known, standing="stopped", changed_at=at, changed_by=by, stopped_at=at))

    def renewed(self) -> "Registry":
        """To be published anew, because something that all of them go by has changed."""
        return Registry(self.journeys, self.revision + 1) if self.journeys else self

    def _changed(self, journey_id: str, standing: Standing, at: datetime, by: str) -> "Registry":
        known = self.listed(journey_id)
        if known.standing == standing:
            return self
        if known.standing == "stopped":
            raise ConflictError(f"the journey {journey_id} is stopped: launch it again")
        return self._with(replace(known, standing=standing, changed_at=at, changed_by=by))

    def _with(self, listed: Listed) -> "Registry":
        return Registry({**self.journeys, listed.journey_id: listed}, self.revision + 1)
