"""Golden pictures: figures as JSON, and the SVG that is drawn of them. A port to another language has to write the same files.

`python -m tests.domain.charts.test_golden` writes them anew.
"""

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from regulars.domain.charts import Column, EffectPicture, FunnelStep, Line, Unit, columns, dots, funnel, interval, lines
from regulars.domain.markup import written

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.stem for path in GOLDEN.glob("*.json"))


def drawn(case: dict[str, Any]) -> Element:
    """`chart` names the function, all else are its arguments."""
    told = {name: value for name, value in case.items() if name != "chart"}
    told |= {"unit": Unit(**told["unit"])} if "unit" in told else {}
    match case["chart"]:
        case "dots":
            return dots(_effect(told))
        case "interval":
            return interval(_effect(told))
        case "funnel":
            return funnel(told["title"], told["words"], [FunnelStep(**step) for step in told["steps"]])
        case "columns":
            return columns(**{**told, "shown": [Column(**column) for column in told["shown"]]})
        case _:
            return lines(**{**told, "shown": [Line(**line) for line in told["shown"]]})


def _effect(told: dict[str, Any]) -> EffectPicture:
    pairs = {name: tuple(told[name]) for name in ("values", "span") if name in told}
    return EffectPicture(**{**told, **pairs})


def svg(case: str) -> str:
    return written(drawn(json.loads((GOLDEN / f"{case}.json").read_text()))).replace("><", ">\n<") + "\n"


@pytest.mark.parametrize("case", CASES)
def test_the_same_figures_give_the_same_picture(case: str) -> None:
    assert svg(case) == (GOLDEN / f"{case}.svg").read_text()


if __name__ == "__main__":
    for each in CASES:
        (GOLDEN / f"{each}.svg").write_text(svg(each))
