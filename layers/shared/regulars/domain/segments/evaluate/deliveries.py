"""What became of a person's pushes, run by run."""

from collections.abc import Iterable
from datetime import datetime

from regulars.domain.segments.evaluate.events import lies_in
from regulars.domain.segments.evaluate.history import PastDelivery
from regulars.domain.segments.rule import Delivered


def runs(clause: Delivered, deliveries: Iterable[PastDelivery], as_of: datetime) -> dict[str, list[PastDelivery]]:
    """The runs that met the clause's fate, each with its pushes: sent where any push was, failed where one failed and none was sent."""
    by_run: dict[str, list[PastDelivery]] = {}
    for push in deliveries:
        if clause.campaign_id in (None, push.campaign_id) and lies_in(push.at, clause.period, as_of):
            by_run.setdefault(push.run_id, []).append(push)
    return {run_id: pushes for run_id, pushes in by_run.items() if _fate({push.outcome for push in pushes}) == clause.fate}


def _fate(outcomes: set[str]) -> str:
    return next((fate for fate in ("sent", "failed") if fate in outcomes), "")
