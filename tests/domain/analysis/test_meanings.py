"""What columns mean is said once, in docs/lake.md; functions carry it in the same words."""

import re
from pathlib import Path

import pytest

from regulars.domain.analysis.meanings import MEANINGS
from regulars.domain.analysis.readable import NAMES

PAGE = (Path(__file__).parents[3] / "docs/lake.md").read_text()


def plain(text: str) -> str:
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text).replace("`", "")


def test_every_table_and_view_that_may_be_read_has_a_meaning() -> None:
    assert set(MEANINGS) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_its_columns_mean_what_the_document_says(name: str) -> None:
    section = re.search(rf"^### `{name}`\n(.*?)^##", PAGE, re.M | re.S)
    assert section
    documented = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (.*?) \|$", section[1], re.M))
    said = dict(MEANINGS[name])
    assert said.pop("") in plain(section[1])
    assert set(said) == set(documented)
    for column, meaning in said.items():
        assert plain(documented[column]).startswith(meaning), column
