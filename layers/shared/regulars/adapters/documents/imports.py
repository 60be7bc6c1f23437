"""The documents of an import and of its parts."""

from dataclasses import asdict
from datetime import datetime

from regulars.adapters.documents import Document
from regulars.domain.imports.job import Import, Part, Refused, Tally


def import_document(job: Import) -> Document:
    return {**asdict(job), "started_at": job.started_at.isoformat(), "columns": list(job.columns)}


def import_of(document: Document) -> Import:
    return Import(**{**document, "started_at": datetime.fromisoformat(document["started_at"]), "columns": tuple(document["columns"])})


def part_document(part: Part) -> Document:
    tally = {**vars(part.tally), "refused": {reason: asdict(those) for reason, those in part.tally.refused.items()}}
    return {**vars(part), "tally": tally, "ended_at": part.ended_at.isoformat() if part.ended_at else None}


def part_of(document: Document) -> Part:
    tally = document["tally"]
    refused = {reason: Refused(**those) for reason, those in tally["refused"].items()}
    ended = document["ended_at"]
    return Part(**{**document, "tally": Tally(**{**tally, "refused": refused}), "ended_at": datetime.fromisoformat(ended) if ended else None})
