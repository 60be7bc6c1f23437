"""The document of where curate stands."""

from dataclasses import asdict
from datetime import datetime

from regulars.adapters.documents import Document
from regulars.domain.curation.state import BEGINNING, CurateState


def curate_state_of(document: Document) -> CurateState:
    def moment(name: str) -> datetime:
        return datetime.fromisoformat(document[name]) if document.get(name) else BEGINNING

    return CurateState(
        started_at=moment("started_at"),
        running_until=_moment(document.get("running_until")),
        inserted_through=moment("inserted_through"),
        raw_through=moment("raw_through"),
        merged_through=moment("merged_through"),
        finished_started_at=moment("finished_started_at"),
        finished_at=_moment(document.get("finished_at")),
        error=document.get("error", ""),
        failed_started_at=moment("failed_started_at"),
    )


def curate_state_document(state: CurateState) -> Document:
    shown = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(state).items()}
    return {name: value for name, value in shown.items() if value}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
