"""A campaign's report as people read it."""

from .client import Document
from .output import print_table

_PEOPLE = ("people", "sent", "received", "opened", "converted")


def print_report(report: Document) -> None:
    """The sentence first, then people by arm, then each effect with its 95 % interval, then the price."""
    print(report["sentence"])
    print_table(
        ["arm", *_PEOPLE, "value", "not sent because"],
        ([arm["arm"], *(arm.get(name) for name in _PEOPLE), arm.get("value"), _reasons(arm)] for arm in report["arms"]),
        right=[*_PEOPLE, "value"],
        free=["not sent because"],
    )
    if report["effect"]:
        print_table(
            ["variant", "metric", "difference", "95 % from", "to", "method"],
            (
                [
                    it["variant"],
                    it["metric"],
                    *(_amount(it, name) for name in ("difference", "low", "high")),
                    it["method"],
                ]
                for it in report["effect"]
            ),
            right=["difference", "95 % from", "to"],
            free=["method"],
        )
    print(f"cost: {_cost(report.get('cost'))}")


def _reasons(arm: Document) -> str:
    reasons = {**arm["failed"], **arm["skipped"], **({"unknown": arm["unknown"]} if arm["unknown"] else {})}
    return ", ".join(f"{reason} {count:,}" for reason, count in reasons.items())


def _amount(effect: Document, name: str) -> str:
    """A difference of conversion is in percentage points; one of value is in the goal's own unit, a head."""
    value = effect.get(name)
    if value is None:
        return "unknown"
    return f"{100 * value:+.2f} pp" if effect["metric"] == "conversion" else f"{value:+,.2f}"


def _cost(cost: object) -> str:
    if isinstance(cost, dict):
        return ", ".join(f"{name} {_dollars(value)}" for name, value in cost.items())
    return _dollars(cost)


def _dollars(value: object) -> str:
    return f"${value:,.4f}" if isinstance(value, int | float) else str(value)
