"""An experiment as a test says it: arms with their figures, and the report that is made of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from regulars.domain.campaigns.campaign import GUARDRAILS
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.measure.arm import Arm
from regulars.domain.measure.findings import Findings, find
from regulars.domain.measure.paired import Paired
from regulars.domain.measure.report import Report, composed
from regulars.domain.measure.study import study_of_run
from tests.examples import campaign_run

PLANNED = datetime(2017, 10, 1, tzinfo=UTC)
LATER = PLANNED + timedelta(days=30)
GOAL = {"event": "Order Completed", "within": "7d", "value": "revenue"}


def arm(name: str, people: int, converted: int = 0, mean: float = 0.0, variance: float = 0.0, **more: Any) -> Arm:
    """Everybody but the control group was sent the message, unless it is said what became of them; `goal_events` are one for each who converted."""
    share = converted / people if people else 0.0
    figures = {
        "sent": 0 if name == "control" else people,
        "goal_events": converted,
        "conversion": Paired(people, share, converted * (1 - share)),
        "value": Paired(people, mean, variance * (people - 1)),
        **more,
        "guardrails": {**dict.fromkeys(GUARDRAILS, 0), **more.get("guardrails", {})},
    }
    return Arm(name, people=people, converted=converted, **figures)


def found(*arms: Arm, as_of: datetime = LATER, run: Any = None, **changes: Any) -> Findings:
    """`changes` are the campaign's: without any it has a goal with a value, one message, and a control group of one half."""
    document = {
        "id": "spring",
        "audience": {"include": ["x"]},
        "message": {"push": {"body": "x"}},
        "goal": GOAL,
        "control": {"percent": 50},
        **changes,
    }
    campaign = parse_campaign({key: value for key, value in document.items() if value is not None})
    study = study_of_run(run or campaign_run("spring-1", as_of=PLANNED, state="succeeded"), campaign, as_of)
    return find(study, arms, as_of=as_of)


def made(*arms: Arm, total: float = 1.0, **rest: Any) -> Report:
    return composed(found(*arms, **rest), cost={"total": total})
