"""Saving the settings as a new version."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.definitions import PutWarning
from regulars.domain.documents import JsonObject
from regulars.domain.errors import ConflictError, InvalidCampaignError, InvalidSettingsError, NotFoundError
from regulars.domain.settings import SETTINGS_ID, Settings, parse_settings
from regulars.ports import Clock, DefinitionStore
from regulars.usecases.save_definition import Saved, save_definition


def put_settings(document: JsonObject, *, by: str, definitions: DefinitionStore, clock: Clock) -> Saved:
    """They hold from the next call that sends anything, also of a run under way. Warns of campaigns whose purpose they do not declare.

    Raises InvalidSettingsError, and ConflictError where they no longer declare what a campaign is for: it would reach people who never said yes.
    """
    settings, purposes = parse_settings(document), _purposes(definitions)
    dropped = _declared(definitions).keys() - settings.purposes.keys()
    for campaign, purpose in purposes.items():
        if purpose in dropped:
            raise ConflictError(f"purposes: `{purpose}` is what campaign {campaign} is for: declare it, or change or archive the campaign first")
    saved = save_definition("settings", SETTINGS_ID, {"id": SETTINGS_ID, **document}, by=by, definitions=definitions, clock=clock)
    doubts = {campaign: settings.doubt(purpose) for campaign, purpose in purposes.items()}
    return replace(saved, warnings=[PutWarning("purposes", f"campaign {campaign}: {doubt}") for campaign, doubt in doubts.items() if doubt])


def _purposes(definitions: DefinitionStore) -> Mapping[str, str]:
    """What each campaign is for that is not archived. One that can no longer be read cannot be launched either."""
    found = dict[str, str]()
    for each in definitions.all("campaign"):
        with suppress(InvalidCampaignError):
            found |= {} if each.archived else {each.id: parse_campaign(each.document).delivery.purpose}
    return found


def _declared(definitions: DefinitionStore) -> Mapping[str, object]:
    """So far; nothing where that can no longer be read, because then nothing is sent."""
    with suppress(NotFoundError, InvalidSettingsError):
        return parse_settings(definitions.get("settings", SETTINGS_ID).document).purposes
    return Settings().purposes
