"""An event against the plans of its source."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from regulars.domain.collection.event import Event, Violation
from regulars.domain.collection.rejection import EventRejectedError
from regulars.domain.tracking.plan import PLAN_VIOLATION, Expectation, Plan

MOST_VIOLATIONS: Final = 10
"""Of one event in one plan: a list of a thousand wrong entries is one fault."""

_LONGEST_MESSAGE: Final = 200


def judged(event: Event, plans: Iterable[Plan]) -> Event:
    """The event with its violations of every plan that is for its source.

    Raises EventRejectedError(PLAN_VIOLATION) where a plan would rather have it in quarantine.
    """
    found = [violation for plan in plans if plan.is_for(event.source) for violation in _against(event, plan)]
    return event._replace(violations=(*event.violations, *found)) if found else event


def _against(event: Event, plan: Plan) -> list[Violation]:
    expectation = (plan.track if event.type == "track" else plan.calls).get(event.name)
    if expectation is None:
        found, consequence = ([_unplanned(event, plan)], plan.unplanned) if event.type == "track" and plan.unplanned else ([], None)
    else:
        found, consequence = list(islice(_violations(event, expectation), MOST_VIOLATIONS)), expectation.violations
    if found and consequence == "quarantine":
        raise EventRejectedError(PLAN_VIOLATION, f"{found[0].path}: {found[0].message} (tracking plan {plan.id})")
    return found


def _unplanned(event: Event, plan: Plan) -> Violation:
    return Violation("event", f"the tracking plan {plan.id} knows no event of this name")


def _violations(event: Event, expectation: Expectation) -> Iterator[Violation]:
    section = "traits" if event.type in ("identify", "group") else "properties"
    for error in expectation.checker.iter_errors(getattr(event, section)):
        path = ".".join([section, *(str(step) for step in error.instance_path)])
        yield Violation(path, error.message[:_LONGEST_MESSAGE])
