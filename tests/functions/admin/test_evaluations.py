from regulars.domain.errors import QueryFailedError
from tests.fakes.services import result_key
from tests.functions.admin.api import recorded, request
from tests.functions.admin.conftest import World


def started(kind: str) -> str:
    status, begun = request("POST", "/admin/segments/twice/evaluations", {"kind": kind, "as_of": "2026-01-02"})
    assert (status, begun["state"], begun["kind"], begun["as_of"]) == (202, "queued", kind, "2026-01-02T00:00:00Z")
    return str(begun["ticket"])


def test_a_count_is_started_and_then_asked_after_by_its_ticket_alone(defined: World) -> None:
    defined.queries.answers["COUNT"] = [{"people": "20"}]
    defined.queries.bytes_scanned = 25_000_000
    address = f"/admin/evaluations/{started('count')}"
    defined.queries.state = "running"
    assert request("GET", address)[1]["state"] == "running"
    defined.queries.state = "succeeded"
    status, done = request("GET", address)
    assert (status, done["state"], done["count"], done["bytes_scanned"], done["as_of"]) == (200, "succeeded", 20, 25_000_000, "2026-01-02T00:00:00Z")
    assert 0 < done["cost_usd"] < 0.001


def test_a_failed_count_gives_athenas_reason(defined: World) -> None:
    ticket = started("count")
    defined.queries.state = "failed"
    status, body = request("GET", f"/admin/evaluations/{ticket}")
    assert (status, body["state"], body["reason"], body["count"]) == (200, "failed", "because", None)


def listed(world: World, *people: str) -> str:
    """The ticket of an evaluation that found these."""
    ticket = started("members")
    rows = "".join(f'"{person}","{len(people)}"\n' for person in people)
    world.lake.content[result_key("0")] = f'"user_id","people"\n{rows}'.encode()
    assert request("GET", f"/admin/evaluations/{ticket}")[1]["count"] == len(people)
    return ticket


def test_members_come_in_pages(defined: World) -> None:
    address = f"/admin/evaluations/{listed(defined, 'ada', 'bob')}/members"
    status, first = request("GET", address)
    assert (status, first["members"]) == (200, ["ada", "bob"])
    assert request("GET", address, page=first["next"])[1] == {"members": [], "next": ""}
    assert request("GET", address, page="second")[1]["field"] == "page"


def test_evaluations_are_listed_shown_and_shown_again_to_whoever_may_read(defined: World) -> None:
    listed(defined, "ada")
    status, answer = request("GET", "/admin/segments/twice/evaluations", limit="10")
    (found,) = answer["evaluations"]
    assert (status, found["kind"], found["count"], found["version"], found["listed"]) == (200, "members", 1, 1, True)
    assert found["started_by"] == recorded("put_segment")["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]
    one = request("GET", f"/admin/segments/twice/evaluations/{found['id']}")[1]
    assert (one["versions"], one["snapshots"]) == ({"twice": 1}, {"events": "1", "identities": "1"})
    assert "FOR VERSION AS OF 1" in one["sql"]
    status, again = request("POST", f"/admin/segments/twice/evaluations/{found['id']}/members", {})
    assert (status, again["id"], again["state"]) == (202, found["id"], "succeeded")
    assert request("GET", f"/admin/evaluations/{again['ticket']}/members")[1]["members"] == ["ada"]
    assert request("GET", "/admin/segments/twice/evaluations/nothing")[0] == 404
    assert request("GET", "/admin/segments/twice/evaluations", limit="1000")[1]["field"] == "limit"


def test_a_count_has_no_members_to_list(defined: World) -> None:
    status, body = request("GET", f"/admin/evaluations/{started('count')}/members")
    assert (status, body["field"]) == (400, "ticket")


def test_what_is_no_ticket_of_ours_is_refused(world: World) -> None:
    status, body = request("GET", "/admin/evaluations/forged")
    assert (status, body["code"], body["field"]) == (400, "invalid_request", "ticket")


def test_an_evaluation_that_is_forgotten_is_not_found(defined: World) -> None:
    ticket = started("count")
    defined.evaluations.kept.clear()
    assert request("GET", f"/admin/evaluations/{ticket}")[0] == 404


def test_what_fails_under_us_keeps_its_status_and_reason(defined: World) -> None:
    ticket = started("count")
    defined.queries.refuses = QueryFailedError("Athena cannot be reached")
    status, body = request("GET", f"/admin/evaluations/{ticket}")
    assert (status, body) == (502, {"code": "query_failed", "message": "Athena cannot be reached"})


def test_an_export_is_started_and_read_piece_by_piece(defined: World) -> None:
    status, begun = request("POST", "/admin/segments/twice/exports", {"traits": ["plan", ["a.b"]], "as_of": "2026-01-02"})
    assert (status, begun["kind"], begun["state"]) == (202, "export", "queued")
    defined.lake.content[result_key("0")] = b'"user_id","people","t1","t2"\n"ada","1","""pro""",\n'
    assert request("GET", f"/admin/evaluations/{begun['ticket']}")[1]["count"] == 1
    address = f"/admin/evaluations/{begun['ticket']}/export"
    first = request("GET", address, format="csv")[1]
    assert first["text"] == "user_id,plan,a.b\r\nada,pro,\r\n"
    assert request("GET", address, format="csv", page=first["next"])[1] == {"text": "", "next": ""}
    assert request("GET", address, format="xml")[1]["field"] == "format"


def test_an_export_elsewhere_is_refused_with_what_is_allowed(defined: World) -> None:
    status, body = request("POST", "/admin/segments/twice/exports", {"to": "s3://mine/"})
    assert (status, body["field"]) == (400, "to")
    assert "s3://lake/exports/" in body["message"]
