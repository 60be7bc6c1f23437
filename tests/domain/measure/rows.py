"""Rows as the statement of a report gives them."""

from regulars.domain.queries import ResultRow

_NOTHING = dict.fromkeys(
    ("received", "opened", "direct", "converted_before", "converted_both", "foreign_events", "unsubscribed", "uninstalled", "complained"), 0
)


def row(
    arm: str, outcome: str | None, reason: str | None, people: int, converted: int = 0, mean: float = 0.0, variance: float = 0.0, **seen: float | str
) -> ResultRow:
    """What the same people had done before is nothing, unless `seen` says so: its names are the statement's."""
    goals = {"converted": converted, "goal_events": converted, "goal_values": converted}
    value = {"value_mean": mean, "value_variance": variance, "before_mean": 0.0, "before_variance": 0.0, "both_variance": variance}
    figures = {"people": people, **_NOTHING, **goals, **value, **seen}
    texts = {"outcome": outcome, "reason": reason, "least_currencies": None, "greatest_currencies": None, "largest": None}
    return {"arm": arm, **texts, **{name: str(figure) for name, figure in figures.items()}}
