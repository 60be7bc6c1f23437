from tests.functions.admin.api import request
from tests.functions.admin.conftest import World

FIGURES = [{"people": "20", "rule alone": "20", "rule leaves": "20"}]


def test_a_segment_is_explained_by_a_ticket(defined: World) -> None:
    defined.queries.answers["AS steps"] = FIGURES
    status, begun = request("POST", "/admin/segments/twice/explanations", {"as_of": "2026-01-02"})
    assert (status, begun["state"], begun["as_of"], begun["clauses"][0]["path"]) == (202, "queued", "2026-01-02T00:00:00Z", "rule")
    status, done = request("GET", f"/admin/explanations/{begun['ticket']}")
    assert (status, done["count"], done["clauses"]) == (200, 20, [{"path": "rule", "alone": 20, "leaves": 20}])


def test_a_rule_is_previewed_and_refused_like_a_put(defined: World) -> None:
    defined.queries.answers["AS steps"] = FIGURES
    status, begun = request("POST", "/admin/segment-previews", {"rule": {"segment": "twice"}})
    assert (status, begun["sentence"]) == (202, 'is in the segment "twice"')
    assert request("GET", f"/admin/explanations/{begun['ticket']}")[1]["count"] == 20
    status, refused = request("POST", "/admin/segment-previews", {"rule": {"event": "x", "wthin": "3d"}})
    assert (status, refused["code"], refused["field"]) == (400, "invalid_rule", "rule.wthin")


def test_a_preview_needs_a_rule(defined: World) -> None:
    status, refused = request("POST", "/admin/segment-previews", {})
    assert (status, refused["field"]) == (400, "rule")
