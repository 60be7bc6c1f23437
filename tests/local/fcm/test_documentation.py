"""docs/local-cloud.md shows faults that the double takes, and all of them."""

import json
import re
from dataclasses import fields
from pathlib import Path

from local.fcm.faults import FaultPlan, Faults

PAGE = (Path(__file__).parents[3] / "docs/local-cloud.md").read_text()


def test_the_documented_faults_are_taken_and_complete() -> None:
    documented = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.S)[0])
    FaultPlan().change(documented)
    assert set(documented) == {field.name for field in fields(Faults)}
