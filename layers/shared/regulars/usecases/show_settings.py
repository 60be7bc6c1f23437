"""The settings as they hold now."""

from regulars.domain.documents import JsonObject
from regulars.domain.errors import NotFoundError
from regulars.domain.settings import SETTINGS_ID, Settings, parse_settings, settings_document
from regulars.ports import DefinitionStore


def show_settings(*, definitions: DefinitionStore) -> JsonObject:
    """All of them, as they can be put, with their version: 0 as long as nobody put any. Raises InvalidSettingsError where they can't be read."""
    try:
        newest = definitions.get("settings", SETTINGS_ID)
    except NotFoundError:
        return {**settings_document(Settings()), "version": 0}
    return {**settings_document(parse_settings(newest.document)), "version": newest.version}
