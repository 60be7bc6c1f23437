"""A repair as people write it down, and as it is kept with what was replayed."""

from typing import Any, Final

from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import Fields, Path, Value, listed, read_path
from regulars.domain.quarantine.casts import CASTS
from regulars.domain.quarantine.repair import Cast, Put, Rename, Repair, Step

MAX_STEPS: Final = 50

_KEPT: Final = "messageId"
"""A field that no step changes: by it an event is counted once, however often it is sent."""

_VERBS: Final = ("rename", "set", "default", "cast")


def read_repair(document: JsonObject) -> Repair:
    """Raises InvalidRequestError with the path of what is wrong, and what is known there."""
    fields = Fields(Value(document, InvalidRequestError, "repair")).only(("steps",))
    if "steps" not in fields:
        return Repair()
    return Repair(tuple(_step(step) for step in fields["steps"].items(MAX_STEPS, empty=True)))


def repair_document(repair: Repair) -> JsonObject:
    """What `read_repair` reads."""
    return {"steps": [_written(step) for step in repair.steps]}


def _step(value: Value) -> Step:
    fields = Fields(value).only((*_VERBS, "to", "from"))
    verbs = [verb for verb in _VERBS if verb in fields]
    if len(verbs) != 1:
        value.refuse(f"a step has one of {listed(_VERBS)}, not {listed(verbs) or 'none'}")
    (verb,) = verbs
    path = _changeable(fields[verb])
    match verb:
        case "rename":
            return Rename(path, _changeable(fields.only((verb, "to"))["to"]))
        case "cast":
            return Cast(path, fields.only((verb, "to"))["to"].choice(tuple(CASTS)))
        case _:
            return _put(fields, path, only_absent=verb == "default")


def _changeable(value: Value) -> Path:
    path = read_path(value)
    if path[0] == _KEPT:
        value.refuse(f"no step changes `{_KEPT}`: an event keeps its own, and one that came without is given one")
    return path


def _put(fields: Fields, path: Path, *, only_absent: bool) -> Put:
    if ("to" in fields) == ("from" in fields):
        fields.value.refuse("a value is needed: `to` (a value) or `from` (the path of another one), and only one of them")
    if "from" in fields:
        return Put(path, source=read_path(fields["from"]), only_absent=only_absent)
    return Put(path, value=fields["to"].raw, only_absent=only_absent)


def _written(step: Step) -> dict[str, Any]:
    match step:
        case Rename():
            return {"rename": list(step.path), "to": list(step.to)}
        case Cast():
            return {"cast": list(step.path), "to": step.to}
        case Put():
            verb = "default" if step.only_absent else "set"
            return {verb: list(step.path), **({"to": step.value} if step.source is None else {"from": list(step.source)})}
