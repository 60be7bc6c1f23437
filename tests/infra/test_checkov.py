"""What template.yaml keeps checkov from checking (make check runs it): each with a reason, and once."""

import re
from typing import Any

from tests.infra.conftest import ROOT

AT_A_RESOURCE = re.compile(r"checkov:skip=(CKV\w+)(?::(.*))?$", re.M)
"""Where checkov finds it: https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html"""


def test_what_is_skipped_has_its_reason_and_is_skipped_in_one_place(source: dict[str, Any]) -> None:
    everywhere = {skip["id"]: skip["comment"] for skip in source["Metadata"]["checkov"]["skip"]}
    at_one = AT_A_RESOURCE.findall((ROOT / "template.yaml").read_text())
    assert everywhere and at_one
    assert all(len(reason) > 20 for reason in [*everywhere.values(), *(reason for _, reason in at_one)])
    assert not set(everywhere) & {check for check, _ in at_one}


def test_make_check_reads_what_is_skipped_everywhere_where_the_reasons_are(source: dict[str, Any]) -> None:
    """Make reads lines, and no YAML: one line each, between `Metadata:` and the next banner."""
    section = (ROOT / "template.yaml").read_text().partition("\nMetadata:\n")[2].partition("\n# ==")[0]
    assert re.findall(r"^ +- \{id: (CKV\w+), comment: '.+'\}$", section, re.M) == [skip["id"] for skip in source["Metadata"]["checkov"]["skip"]]
