"""docs/campaigns.md says of each template what it shows, and for whom; it shows that."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from regulars.domain.messages.dates import NOW
from regulars.domain.messages.liquid import LiquidText

SECTION = (Path(__file__).parents[3] / "docs/campaigns.md").read_text().partition("\n## Texts\n")[2].partition("\n## ")[0]
ROWS = re.findall(r"^\| `(.+?)` \| .+ \| `(.+?)`[^|]*\|$", SECTION, re.M)
MOMENT = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)

TRAITS: list[dict[str, Any]] = [
    {"first_name": None},
    {"email": "ann@example.com"},
    {"cart": ["tea", "milk"]},
    {"vip": True, "miles": 1e16, "rate": 3.0},
    {"points": "120"},
    {},
    {"until": "2027-01-31"},
]
"""Of whom the rows speak, one after the other."""


def test_each_template_of_the_page_shows_what_the_page_says() -> None:
    templates = [(template.replace("\\|", "|"), shown) for template, shown in ROWS]
    assert len(templates) == len(TRAITS)
    for (template, shown), traits in zip(templates, TRAITS, strict=True):
        assert LiquidText(template, "body").render({"person": {"user_id": "ann", "traits": traits}, NOW: MOMENT}) == shown
