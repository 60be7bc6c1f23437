from tests.functions.admin.api import request
from tests.functions.admin.conftest import World


def test_ready_made_segments_are_suggested_for_the_names_that_are_given(defined: World) -> None:
    status, found = request("POST", "/admin/ready-made-segments", {"purchase": "Order Completed", "revenue": "a, b"})
    assert (status, found["segments"][0]["document"]) == (
        200,
        {"id": "never-bought", "name": "Never bought", "rule": {"not": {"event": "Order Completed"}}},
    )
    assert {each["id"]: each["missing"] for each in found["left_out"]}["cart-abandoners"] == ["cart"]
    assert found["segments"][-1]["document"]["rule"]["sum"] == ["a, b"]
