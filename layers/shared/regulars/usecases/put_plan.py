"""Saving a tracking plan as a new version, once every schema in it is one."""

from regulars.domain.documents import JsonObject
from regulars.domain.tracking.parse import parse_plan
from regulars.ports import Clock, DefinitionStore
from regulars.usecases.save_definition import Saved, save_definition


def put_plan(document: JsonObject, *, by: str, definitions: DefinitionStore, clock: Clock) -> Saved:
    """From then on it is held against what is loaded, within `current_plans.MAX_AGE`. Raises InvalidPlanError: nothing of a plan is kept then."""
    plan = parse_plan(document)
    return save_definition("plan", plan.id, document, by=by, definitions=definitions, clock=clock)
