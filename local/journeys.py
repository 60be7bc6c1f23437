"""What can be told of a journey without a platform: whether its document is right, how it looks, and what becomes of people in it.

Nothing here starts anything, or imports what would: the rules alone answer, in milliseconds.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from regulars.domain.errors import RefusedError
from regulars.domain.journeys.acceptance import accepted
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.mermaid import mermaid
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.picture import as_file, picture
from regulars.domain.journeys.trial import tried, verdict_document
from regulars.domain.journeys.trial_document import read_trial

Document = Mapping[str, Any]


def looked_at(document: object) -> Document:
    """`{"id", "errors", "warnings"}`, and where there are no errors a `picture` in Mermaid's words."""
    journey, errors, warnings = _examined(document)
    told: dict[str, Any] = {"id": _id_of(document), "errors": errors, "warnings": warnings}
    return told if journey is None or errors else {**told, "picture": mermaid(journey)}


def drawn(document: object) -> str:
    """The picture as a file of SVG. Raises InvalidJourneyError: `looked_at` says everything that is wrong."""
    return as_file(picture(parse_journey(document)))


def tested(trial: Document, documents: Sequence[object]) -> Document:
    """`{"passed", "begin", "journeys", "problems", "people"}`: what each person of the trial met with. Where a document is wrong, nobody is tried."""
    read = [_examined(document) for document in documents]
    journeys = [
        {"id": _id_of(document), "errors": errors, "warnings": warnings} for document, (_, errors, warnings) in zip(documents, read, strict=True)
    ]
    found, wrong = read_trial(trial, [(_id_of(document), journey) for document, (journey, *_) in zip(documents, read, strict=True)])
    problems = [{"path": problem.path, "message": problem.message} for problem in wrong]
    verdicts: list[Any] = []
    if found is not None and not any(errors for _, errors, _ in read):
        try:
            verdicts = [verdict_document(verdict, found) for verdict in tried(found, [journey for journey, *_ in read if journey])]
        except RefusedError as refusal:
            problems.append({"path": "segments", "message": refusal.said})
    is_right = not problems and not any(each["errors"] for each in journeys)
    passed = is_right and all(verdict["passed"] for verdict in verdicts)
    return {"passed": passed, "journeys": journeys, "problems": problems, "people": verdicts}


def _examined(document: object) -> tuple[Journey | None, list[Document], list[Document]]:
    found = accepted(document)
    return (
        found.journey,
        [{"path": each.path, "message": each.message} for each in found.errors],
        [{"path": each.path, "message": each.message} for each in found.warnings],
    )


def _id_of(document: object) -> str:
    return str(document.get("id", "")) if isinstance(document, dict) else ""
