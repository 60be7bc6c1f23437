"""docs/operations.md reads outputs that the template has."""

import re
from typing import Any

from tests.infra.conftest import ROOT


def test_each_output_that_is_read_there_is_one_of_the_stack(cloudformation: dict[str, Any]) -> None:
    named = set(re.findall(r"\$\(output (\w+)\)", (ROOT / "docs/operations.md").read_text()))
    assert {"EventDeadLetterQueueArn", "FcmSecretArn"} <= named <= set(cloudformation["Outputs"])
