from typing import Any

from regulars.domain.campaigns.audience_warnings import audience_warnings
from regulars.domain.campaigns.parse import parse_campaign
from tests.examples import CAMPAIGN


def warned(**changes: Any) -> dict[str, str]:
    return {warning.path: warning.message for warning in audience_warnings(parse_campaign({**CAMPAIGN, **changes}))}


def test_whom_a_campaign_cannot_reach_is_said_when_it_is_put() -> None:
    assert warned() == {}
    both = warned(audience={"include": ["a", "b"], "exclude": ["c", "b"]})
    assert both == {"audience.exclude[1]": "the segment b is included, too: nobody of it gets the message"}
    assert warned(control={"percent": 100}) == {"control.percent": "everybody is held back: nobody gets the message"}


def test_a_campaign_without_a_control_group_is_warned_of() -> None:
    assert "cannot be known" in warned(control={"percent": 0})["control.percent"]
