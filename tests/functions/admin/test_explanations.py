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


def test_why_a_person_is_in_a_segment_is_asked_for_and_fetched(defined: World) -> None:
    nothing = dict.fromkeys(("id", "name", "kind", "at_ts", "received_ts", "place", "document"))
    defined.queries.answers = {"FROM people": [{**nothing, "section": "seen", "at_ts": "2026-11-01 10:00:00.000000"}]}
    status, begun = request("POST", "/admin/segments/twice/person-explanations", {"user_id": "a/b"})
    assert (status, begun["state"], begun["user_id"]) == (202, "queued", "a/b")
    status, found = request("GET", f"/admin/person-explanations/{begun['ticket']}")
    assert (status, found["member"], found["as_of"]) == (200, False, "2026-11-21T12:00:00Z")
    assert [(clause["path"], clause["verdict"], clause["because"][0]["text"]) for clause in found["clauses"]] == [("rule", False, "0 events counted")]
    assert request("POST", "/admin/segments/twice/person-explanations", {})[1]["field"] == "user_id"
    assert request("POST", "/admin/segments/gone/person-explanations", {"user_id": "a"})[0] == 404
