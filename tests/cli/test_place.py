"""`regulars place ...`"""

from pathlib import Path

import pytest

from tests.cli.conftest import FakeApi, Run

SAVED = {"id": "shops", "version": 1, "unchanged": False, "warnings": []}


@pytest.mark.parametrize(
    "text",
    [
        "id,name,lat,lon,radius_m\nsoho,Soho,51.513,-0.131,150\nbank,,51.5,-0.1,\n",
        "\ufeffid;name;lat;lon;radius_m\r\nsoho;Soho;51,513;-0,131;150\r\nbank;;51.5;-0,1;\r\n",
    ],
)
def test_a_table_becomes_a_list_of_its_own_name(api: FakeApi, regulars: Run, tmp_path: Path, text: str) -> None:
    api.on("PUT", "/admin/places/shops", SAVED)
    file = tmp_path / "shops.csv"
    file.write_text(text, encoding="utf-8")
    assert regulars("place", "put", str(file)).stdout == "place shops: version 1 saved\n"
    soho = {"id": "soho", "name": "Soho", "lat": 51.513, "lon": -0.131, "radius_m": 150.0}
    assert api.asked[0][2] == {"id": "shops", "places": [soho, {"id": "bank", "lat": 51.5, "lon": -0.1}]}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("id,latitude,lon\n", "names the columns"),
        ("id,lat,lon\na,1,2,3\nb,1,2\nc,1,2,3\n", "more fields than columns in line 2, 4"),
        ("", "names the columns id, lat, lon, name, radius_m; it says nothing"),
    ],
)
def test_a_table_that_is_none_says_where(api: FakeApi, regulars: Run, tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "shops.csv"
    file.write_text(text)
    refused = regulars("place", "put", str(file))
    assert refused.exit_code == 1 and why in refused.stderr and not api.asked


def test_all_that_is_wrong_with_a_table_is_told_by_its_lines(api: FakeApi, regulars: Run, tmp_path: Path) -> None:
    file = tmp_path / "shops.csv"
    file.write_text('id,lat,lon,radius_m\na,north,0,\n\nb,1,2,nan\na,3,"51,5",\n')
    sent = [{"id": "a", "lat": "north", "lon": 0.0}, {"id": "b", "lat": 1.0, "lon": 2.0, "radius_m": "nan"}, {"id": "a", "lat": 3.0, "lon": "51,5"}]
    wrong = ["places[2].id", "places[0].lat", "places[1].radius_m", "places[2].lon", "places[1]", "id"]
    refused = {"code": "invalid_places", "message": "..", "problems": [{"path": path, "message": "wrong"} for path in wrong]}
    api.on("PUT", "/admin/places/shops", refused, status=400)
    assert regulars("place", "put", str(file)).stderr.splitlines() == [
        "regulars: 6 things are wrong (invalid_places)",
        f"  {file}, line 5: id: wrong",
        f"  {file}, line 2: lat: a number is needed, not `north`",
        f"  {file}, line 4: radius_m: a number is needed, not `nan`",
        f"  {file}, line 5: lon: a number is needed, not `51,5`",
        f"  {file}, line 4: wrong",
        "  id: wrong",
    ]
    assert api.asked[0][2]["places"] == sent
    api.on("PUT", "/admin/places/shops", {**refused, "problems": refused["problems"][1:2]}, status=400)
    assert regulars("place", "put", str(file)).stderr == f"regulars: {file}, line 2: lat: a number is needed, not `north` (invalid_places)\n"


def test_a_table_that_cannot_be_read_says_so(regulars: Run, tmp_path: Path) -> None:
    file = tmp_path / "shops.csv"
    file.write_bytes(b"id,lat,lon\n\xff,1,2\n")
    assert regulars("place", "put", str(file)).stderr.startswith(f"regulars: {file} is not in UTF-8")


def test_lists_are_listed_and_archived(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/places", {"places": [{"id": "shops", "name": "Shops", "version": 3}]})
    assert "Shops" in regulars("place", "list").stdout
    api.on("POST", "/admin/places/shops/archive", {"id": "shops", "version": 3, "archived": True})
    assert "shops: archived" in regulars("place", "archive", "shops").stdout
