"""The document of an evaluation."""

from dataclasses import asdict
from datetime import datetime

from regulars.adapters.documents import Document
from regulars.domain.evaluations import Evaluation

_MOMENTS = ("as_of", "started_at")


def evaluation_document(evaluation: Evaluation) -> Document:
    found = asdict(evaluation)
    return {**found, **{name: found[name].isoformat() for name in _MOMENTS}}


def evaluation_of(document: Document) -> Evaluation:
    moments = {name: datetime.fromisoformat(document[name]) for name in _MOMENTS}
    return Evaluation(**{**document, **moments, "traits": tuple(map(tuple, document.get("traits", ())))})
