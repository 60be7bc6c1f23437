"""Saving a tracking plan as a new version, once every schema in it is one."""

from collections.abc import Iterator
from dataclasses import replace

from regulars.domain.collection.source import IMPORTED
from regulars.domain.definitions import PutWarning
from regulars.domain.documents import JsonObject
from regulars.domain.language import guess
from regulars.domain.tracking.parse import parse_plan
from regulars.ports import Clock, DefinitionStore, SourceStore
from regulars.usecases.save_definition import Saved, save_definition


def put_plan(
    document: JsonObject, *, by: str, expected: int | None = None, definitions: DefinitionStore, sources: SourceStore, clock: Clock
) -> Saved:
    """From then on it is held against what is loaded, within `current_plans.MAX_AGE`. Warns of sources that nobody has created.

    Raises InvalidPlanError: nothing of a plan is kept then.
    """
    plan = parse_plan(document)
    saved = save_definition("plan", plan.id, document, by=by, expected=expected, definitions=definitions, clock=clock)
    return replace(saved, warnings=list(_unknown_sources(document, sources)) if plan.sources else [])


def _unknown_sources(document: JsonObject, sources: SourceStore) -> Iterator[PutWarning]:
    known = [IMPORTED, *(source.name for source in sources.all())]
    for index, name in enumerate(document["sources"]):
        if name not in known:
            yield PutWarning(f"sources[{index}]", f"there is no source `{name}`{guess(name, known)}")
