"""The settings that hold now."""

from regulars.domain.errors import InvalidSettingsError, NotFoundError, StoreUnavailableError
from regulars.domain.settings import SETTINGS_ID, Settings, parse_settings
from regulars.ports import DefinitionStore


def current_settings(definitions: DefinitionStore) -> Settings:
    """As they are where nobody put any, if nobody did. Raises StoreUnavailableError, also where what was put can no longer be read."""
    try:
        return parse_settings(definitions.get("settings", SETTINGS_ID).document)
    except NotFoundError:
        return Settings()
    except InvalidSettingsError as error:
        raise StoreUnavailableError(f"the settings cannot be read ({error}): put them again") from error
