"""Saving the settings as a new version."""

from collections.abc import Iterator
from dataclasses import replace

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.definitions import PutWarning
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.settings import SETTINGS_ID, Settings, parse_settings
from regulars.ports import Clock, DefinitionStore
from regulars.usecases.save_definition import Saved, save_definition


def put_settings(document: JsonObject, *, by: str, definitions: DefinitionStore, clock: Clock) -> Saved:
    """They hold from the next call that sends anything, also of a run under way. Warns of campaigns whose purpose they do not declare.

    Raises InvalidSettingsError.
    """
    settings = parse_settings(document)
    saved = save_definition("settings", SETTINGS_ID, {"id": SETTINGS_ID, **document}, by=by, definitions=definitions, clock=clock)
    return replace(saved, warnings=list(_undeclared(settings, definitions)))


def _undeclared(settings: Settings, definitions: DefinitionStore) -> Iterator[PutWarning]:
    for each in definitions.all("campaign"):
        try:
            doubt = "" if each.archived else settings.doubt(parse_campaign(each.document).delivery.purpose)
        except InvalidCampaignError:
            continue  # it cannot be launched either
        if doubt:
            yield PutWarning("purposes", f"campaign {each.id}: {doubt}")
