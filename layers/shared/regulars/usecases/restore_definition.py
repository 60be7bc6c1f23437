"""Bringing an old version of a definition back, as a new version that says the same."""

from typing import assert_never

from regulars.domain.definitions import DefinitionKind
from regulars.domain.errors import (
    InvalidCampaignError,
    InvalidJourneyError,
    InvalidPlacesError,
    InvalidPlanError,
    InvalidRuleError,
    InvalidSettingsError,
)
from regulars.ports import CampaignScheduler, Clock, DefinitionStore, ObjectStore, QueryEngine, SourceStore
from regulars.usecases.put_campaign import put_campaign
from regulars.usecases.put_journey import put_journey
from regulars.usecases.put_places import put_places
from regulars.usecases.put_plan import put_plan
from regulars.usecases.put_segment import put_segment
from regulars.usecases.put_settings import put_settings
from regulars.usecases.save_definition import Saved


def restore_definition(
    kind: DefinitionKind,
    identity: str,
    version: int,
    *,
    by: str,
    definitions: DefinitionStore,
    sources: SourceStore,
    scheduler: CampaignScheduler,
    lake: ObjectStore,
    queries: QueryEngine,
    clock: Clock,
) -> Saved:
    """As if somebody put it today: what has become wrong since is refused. The newest version again is none.

    Raises NotFoundError, and the error of its kind where it can no longer be honoured.
    """
    document = definitions.get(kind, identity, version).document
    try:
        match kind:
            case "segment":
                return put_segment(document, by=by, definitions=definitions, lake=lake, clock=clock)
            case "campaign":
                return put_campaign(document, by=by, definitions=definitions, scheduler=scheduler, lake=lake, clock=clock)
            case "journey":
                return put_journey(document, by=by, definitions=definitions, lake=lake, clock=clock)
            case "plan":
                return put_plan(document, by=by, definitions=definitions, sources=sources, clock=clock)
            case "places":
                return put_places(document, by=by, definitions=definitions, clock=clock)
            case "settings":
                return put_settings(document, by=by, definitions=definitions, queries=queries, clock=clock)
            case _:
                assert_never(kind)
    except (InvalidRuleError, InvalidCampaignError, InvalidJourneyError, InvalidPlanError, InvalidPlacesError, InvalidSettingsError) as error:
        why = str(error).removeprefix(f"{error.field}: ")
        raise type(error)(f"version {version} can no longer be saved: {why}", field=error.field) from error
