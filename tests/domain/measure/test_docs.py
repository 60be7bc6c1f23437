"""docs/measure.md shows what a report says, and says it of that very experiment."""

import json
import re
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from regulars.domain.measure.report import Report
from tests.domain.measure.experiment import arm, made

PAGE = (Path(__file__).parents[3] / "docs/measure.md").read_text()
EUROS = frozenset({"EUR"})


def october() -> Report:
    """Of 20,000 people a tenth was held back."""
    skipped = {"no_device": 1500, "no_consent": 400}
    treated = {"sent": 16_000, "failed": {"unregistered": 100}, "skipped": skipped, "received": 14_200, "opened": 2_100, "direct": 310}
    control = arm("control", 2_000, 200, 5.0, 400.0, currencies=EUROS, guardrails={"unsubscribed": 8})
    return made(
        control,
        arm("treated", 18_000, 2_160, 6.2, 420.0, currencies=EUROS, guardrails={"unsubscribed": 95}, **treated),
        control={"percent": 10},
        total=24.0,
    )


def shown(kind: str) -> Any:
    (example,) = re.findall(rf"```json {kind}\n(.*?)```", PAGE, re.DOTALL)
    return json.loads(example)


def rounded(value: Any) -> Any:
    match value:
        case dict():
            return {key: rounded(each) for key, each in value.items()}
        case list():
            return [rounded(each) for each in value]
        case float():
            return round(value, 4)
    return value


def test_the_sentence_that_is_shown_is_what_the_report_says() -> None:
    (example,) = re.findall(r"```text report\n(.*?)```", PAGE, re.DOTALL)
    assert " ".join(example.split()) == october().sentence


def test_the_figures_that_are_shown_are_those_of_the_report() -> None:
    told = rounded(TypeAdapter(Report).dump_python(october(), mode="json"))
    example = shown("report")
    assert {key: told[key] for key in example} | {"arms": [], "effect": []} == example | {"arms": [], "effect": []}
    for name in ("arms", "effect"):
        assert [{key: full[key] for key in part} for part, full in zip(example[name], told[name], strict=True)] == example[name]


def test_every_verdict_and_key_that_is_explained_is_one() -> None:
    told = TypeAdapter(Report).dump_python(october(), mode="json")
    section = PAGE.partition("\n## Reading a report\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE)) <= {*told, *told["arms"][0], *told["effect"][0]}
