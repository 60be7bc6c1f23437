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
        ("id,lat,lon\na,north,0\n", "line 2"),
        ("id,lat,lon\na,1,2,3\n", "more fields"),
        ("", "names the columns"),
    ],
)
def test_a_table_that_is_none_says_where(api: FakeApi, regulars: Run, tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "shops.csv"
    file.write_text(text)
    refused = regulars("place", "put", str(file))
    assert refused.exit_code == 1 and why in refused.stderr and not api.asked


def test_lists_are_listed_and_archived(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/places", {"places": [{"id": "shops", "name": "Shops", "version": 3}]})
    assert "Shops" in regulars("place", "list").stdout
    api.on("POST", "/admin/places/shops/archive", {"id": "shops", "version": 3, "archived": True})
    assert "shops: archived" in regulars("place", "archive", "shops").stdout
