"""How many people were held out of all campaigns, and since when."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from regulars.domain.errors import InvalidSettingsError, NotFoundError
from regulars.domain.settings import SETTINGS_ID, parse_settings
from regulars.ports import DefinitionStore


def held_out_shares(definitions: DefinitionStore) -> Sequence[tuple[datetime, int]]:
    """The buckets from each change of the settings on, the first change first. Settings that can no longer be read changed nothing."""
    found: list[tuple[datetime, int]] = []
    with suppress(NotFoundError):
        for version in reversed(definitions.versions("settings", SETTINGS_ID)):
            with suppress(InvalidSettingsError):
                buckets = parse_settings(version.document).global_control_buckets
                if buckets != (found[-1][1] if found else 0):
                    found.append((version.saved_at, buckets))
    return found
