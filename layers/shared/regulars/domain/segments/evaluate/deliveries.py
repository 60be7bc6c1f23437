"""What became of a person's pushes, run by run."""

from collections.abc import Iterable
from datetime import datetime

from regulars.domain.segments.evaluate.events import lies_in
from regulars.domain.segments.evaluate.history import PastDelivery, PastEvent, PersonHistory
from regulars.domain.segments.rule import Converted, Delivered


def runs(clause: Delivered, deliveries: Iterable[PastDelivery], as_of: datetime) -> dict[str, list[PastDelivery]]:
    """The runs that met the clause's fate, each with its pushes: sent where any push was, failed where one failed and none was sent."""
    by_run: dict[str, list[PastDelivery]] = {}
    for push in deliveries:
        if clause.campaign_id in (None, push.campaign_id) and lies_in(push.at, clause.period, as_of):
            by_run.setdefault(push.run_id, []).append(push)
    return {run_id: pushes for run_id, pushes in by_run.items() if _fate({push.outcome for push in pushes}) == clause.fate}


def conversions(clause: Converted, history: PersonHistory, as_of: datetime) -> list[PastEvent]:
    """The goal's events that came in time after a push which was sent."""
    sent = [push.at for push in history.deliveries if push.campaign_id == clause.campaign_id and push.outcome == "sent" and push.at < as_of]
    reached = [event for event in history.events if event.name == clause.goal.event and lies_in(event.at, clause.period, as_of)]
    return [event for event in reached if any(at <= event.at < at + clause.goal.within for at in sent)]


def _fate(outcomes: set[str]) -> str:
    return next((fate for fate in ("sent", "failed") if fate in outcomes), "")
