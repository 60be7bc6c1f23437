"""Saving the settings as a new version."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.definitions import DefinitionKind, PutWarning
from regulars.domain.delivery.global_control import MOST_BUCKETS
from regulars.domain.delivery.shares import percent_of
from regulars.domain.documents import JsonObject
from regulars.domain.errors import (
    ConflictError,
    InfrastructureError,
    InvalidSettingsError,
    NotFoundError,
    QueryFailedError,
    RefusedError,
)
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.overview.views import orders_view, programme_view
from regulars.domain.purchase import USUAL
from regulars.domain.settings import SETTINGS_ID, Settings, parse_settings
from regulars.ports import Clock, DefinitionStore, QueryEngine
from regulars.usecases.held_out_shares import held_out_shares
from regulars.usecases.save_definition import Saved, save_definition

_PATIENCE: Final = timedelta(seconds=12)
"""With Athena, for each of two views: it takes a second or two, and the client waits 30."""


_SENDING: Final[Mapping[DefinitionKind, Callable[[JsonObject], Campaign | Journey]]] = {"campaign": parse_campaign, "journey": parse_journey}


def put_settings(
    document: JsonObject, *, by: str, expected: int | None = None, definitions: DefinitionStore, queries: QueryEngine, clock: Clock
) -> Saved:
    """They hold from the next call that sends anything, also of a run under way. Warns of campaigns and journeys whose purpose they do not declare,
    and of a global control group that is large, or lets people go before its quarter is over.

    The lake's views `orders` and `programme` are made anew where they go by what has changed; also where settings are put once more, unchanged.

    Raises InvalidSettingsError, and ConflictError where they no longer declare what a campaign or a journey is for: it would reach people who never
    said yes.
    """
    settings, purposes, former = parse_settings(document), _purposes(definitions), _former(definitions)
    dropped = former.purposes.keys() - settings.purposes.keys()
    for (kind, identity), purpose in purposes.items():
        if purpose in dropped:
            raise ConflictError(f"purposes: `{purpose}` is what {kind} {identity} is for: declare it, or change or archive the {kind} first")
    saved = save_definition("settings", SETTINGS_ID, {"id": SETTINGS_ID, **document}, by=by, expected=expected, definitions=definitions, clock=clock)
    doubts = {of: settings.doubt(purpose) for of, purpose in purposes.items()}
    undeclared = [PutWarning("purposes", f"{kind} {identity}: {doubt}") for (kind, identity), doubt in doubts.items() if doubt]
    stale = [*_aligned(_views(former, settings, definitions, again=saved.unchanged), queries)]
    return replace(saved, warnings=[*undeclared, *_about_global_control(former, settings, clock.now()), *stale])


def _views(former: Settings, settings: Settings, definitions: DefinitionStore, *, again: bool) -> Iterator[tuple[str, str]]:
    """Which setting has changed that a view of the lake knows of, and the statement that makes it anew."""
    if again or settings.purchase != former.purchase:
        yield "purchase", orders_view(settings.purchase or USUAL)
    if again or settings.global_control_buckets != former.global_control_buckets:
        yield "global_control.percent", programme_view(held_out_shares(definitions))


def _aligned(views: Iterable[tuple[str, str]], queries: QueryEngine) -> Iterator[PutWarning]:
    """What keeps a view from knowing it. Settings hold all the same: nothing that is sent depends on it."""
    for place, sql in views:
        try:
            query = queries.wait(queries.start(sql), within=_PATIENCE)
        except (InfrastructureError, QueryFailedError) as error:
            why = str(error)
        else:
            why = query.reason if query.is_over else ""
        if why:
            yield PutWarning(place, f"the view in the lake that goes by this is as it was ({why}): put the settings again")


def _about_global_control(former: Settings, settings: Settings, now: datetime) -> Iterator[PutWarning]:
    place, before, after = "global_control.percent", former.global_control_buckets, settings.global_control_buckets
    if after > MOST_BUCKETS:
        yield PutWarning(place, f"{percent_of(after):g} % of all people get no campaign's messages: more than {percent_of(MOST_BUCKETS):g} %")
    if after < before and (group := former.global_control(now)):
        said = f"it shrinks from {percent_of(before):g} to {percent_of(after):g} % within the quarter that ends on {group.until}"
        yield PutWarning(place, f"{said}: people who were held out can be reached from now on, and the quarter shows less of what all messages do")


def _purposes(definitions: DefinitionStore) -> Mapping[tuple[str, str], str]:
    """What each campaign and journey is for that is not archived, by kind and id. One that can no longer be read cannot be launched either."""
    found = dict[tuple[str, str], str]()
    for kind, parse in _SENDING.items():
        for each in definitions.all(kind):
            with suppress(RefusedError):
                found |= {} if each.archived else {(kind, each.id): parse(each.document).delivery.purpose}
    return found


def _former(definitions: DefinitionStore) -> Settings:
    """Those so far; where they can no longer be read nothing is sent, so that nothing depends on them."""
    with suppress(NotFoundError, InvalidSettingsError):
        return parse_settings(definitions.get("settings", SETTINGS_ID).document)
    return Settings()
