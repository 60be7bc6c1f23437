"""A campaign that is still being written: what saving it would say, and a look at it as if it was saved. Nothing is."""

from collections.abc import Sequence
from datetime import datetime

from regulars.domain.campaigns.acceptance import check_messages
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.definitions import Definition, DefinitionKind
from regulars.domain.documents import JsonObject
from regulars.ports import Clock, DefinitionStore

DRAFT = 0
"""The version that a draft has: saved ones count from 1."""


class WithDraft(DefinitionStore):
    """What is `saved`, with a draft in the place of its campaign's newest version. It is looked at only: nothing can be saved here."""

    def __init__(self, draft: Definition, saved: DefinitionStore) -> None:
        self._draft, self._saved = draft, saved

    def get(self, kind: DefinitionKind, identity: str, version: int | None = None) -> Definition:
        drafted = (kind, identity, version or DRAFT) == (self._draft.kind, self._draft.id, DRAFT)
        return self._draft if drafted else self._saved.get(kind, identity, version)

    def all(self, kind: DefinitionKind) -> Sequence[Definition]:
        return self._saved.all(kind)

    def versions(self, kind: DefinitionKind, identity: str) -> Sequence[Definition]:
        return self._saved.versions(kind, identity)

    def put(self, kind: DefinitionKind, identity: str, document: JsonObject, *, at: datetime, by: str, after: int | None = None) -> Definition:
        raise TypeError("a draft is looked at, not saved")

    def archive(self, kind: DefinitionKind, identity: str) -> Definition:
        raise TypeError("a draft is looked at, not saved")


def with_draft(document: JsonObject | None, *, definitions: DefinitionStore, clock: Clock) -> DefinitionStore:
    """Definitions with `document`, which has its `id`, as the newest version of that campaign; None: there is no draft. Raises InvalidCampaignError
    for one that no put would take because of its form or its messages."""
    if document is None:
        return definitions
    campaign = parse_campaign(document)
    check_messages(document)
    return WithDraft(Definition("campaign", campaign.id, DRAFT, document, clock.now(), ""), definitions)
