"""The document of where curate stands."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from regulars.adapters.documents import Document
from regulars.domain.curation.state import BEGINNING, CurateState, UnderWay


def curate_state_of(document: Document) -> CurateState:
    def moment(name: str) -> datetime:
        return datetime.fromisoformat(document[name]) if document.get(name) else BEGINNING

    return CurateState(
        started_at=moment("started_at"),
        running_until=_moment(document.get("running_until")),
        inserted_through=moment("inserted_through"),
        inserted_days=_days(document.get("inserted_days")),
        raw_through=moment("raw_through"),
        merged_through=moment("merged_through"),
        people_through=moment("people_through"),
        identities_through=moment("identities_through"),
        known_through=moment("known_through"),
        under_way=_under_way(document.get("under_way")),
        finished_started_at=moment("finished_started_at"),
        finished_at=_moment(document.get("finished_at")),
        error=document.get("error", ""),
        may_pass=document.get("may_pass", False),
        failed_started_at=moment("failed_started_at"),
    )


def curate_state_document(state: CurateState) -> Document:
    return _shown(asdict(state))


def _shown(values: Document) -> Document:
    """Moments as text, nothing where there is nothing."""
    return {name: _value(value) for name, value in values.items() if value}


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return _shown(value)
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _days(document: Sequence[str] | None) -> tuple[date, date] | None:
    if not document:
        return None
    first, last = document
    return date.fromisoformat(first), date.fromisoformat(last)


def _under_way(document: Document | None) -> UnderWay | None:
    if not document:
        return None
    asked_at = datetime.fromisoformat(document["asked_at"])
    return UnderWay(document["sql"], document["token"], asked_at, document.get("query_id", ""))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
