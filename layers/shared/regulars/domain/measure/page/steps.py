"""A journey's steps: who came, who waits there, who left and why, and what the step did for people."""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from regulars.domain.measure.journey_steps import StepFigures
from regulars.domain.measure.page.parts import Content, card, name, paragraph, table


def steps_card(steps: Sequence[StepFigures]) -> Element:
    rows: list[Sequence[Content]] = [_row(step) for step in steps]
    titles = ["Step", "Came", "Waiting now", "Left", "Sent", "Not sent"]
    told = "Counted in runs, of which a person may have several; what was sent is counted in devices."
    return card("Step by step", table("What became of people at each step", titles, rows), paragraph(told, classes="sm soft"))


def _row(step: StepFigures) -> Sequence[Content]:
    waiting = "" if step.waiting is None else f"{step.waiting:,}"
    not_sent = {**step.failed, **step.skipped, **({"unknown": step.unknown} if step.unknown else {})}
    return [name(step.step), f"{step.came:,}", waiting, _by_reason(step.left), f"{step.sent:,}", _by_reason(not_sent)]


def _by_reason(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {reason.replace('_', ' ')}".strip() for reason, number in sorted(counted.items()))
