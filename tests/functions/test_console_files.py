"""What holds of the console's files whatever is added to them: sizes, texts, and what the page's policy would refuse at run time."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

CONSOLE = Path(__file__).parents[2] / "console"
SCRIPTS = sorted(path for path in CONSOLE.rglob("*.js") if "source" not in path.parts)
OURS = [path for path in SCRIPTS if "vendor" not in path.parts]
LANGUAGES = sorted(path.stem for path in (CONSOLE / "texts").glob("*.json") if path.stem != "en")

ALL_SCRIPTS = 100_000
SEGMENT_SCREEN = 40_000
STYLE = 8_000
"""Bytes, gzipped."""

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_KEY = re.compile(r"""\bt\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`$]*)`)""")
_IMPORT = re.compile(r"""^(?:import|export)\b[^;]*?from "([^"]+)";""", re.M)


def compressed(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def code(path: Path) -> str:
    return _COMMENT.sub("", path.read_text())


def keys() -> set[str]:
    """The English of every text that is shown."""
    found = (match for path in OURS for match in _KEY.finditer(code(path)))
    return {json.loads(f'"{next(filter(None, match.groups()))}"') for match in found}


def imported(start: Path, *more: Path) -> set[Path]:
    """Every script that these need before they run."""
    waiting, found = [start, *more], set[Path]()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [(path.parent / name).resolve() for name in _IMPORT.findall(path.read_text())]
    return found


def test_all_scripts_together_and_the_style_keep_within_their_budgets() -> None:
    assert compressed(*SCRIPTS) <= ALL_SCRIPTS
    assert compressed(CONSOLE / "console.css") <= STYLE


def test_whoever_opens_the_segment_screen_first_loads_no_more_than_its_budget() -> None:
    screen = next(path for path in (CONSOLE / "screens/segment.js", CONSOLE / "screens/segments.js") if path.exists())
    assert compressed(*imported(CONSOLE / "app.js", screen)) <= SEGMENT_SCREEN


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_text_and_no_other(language: str) -> None:
    texts = json.loads((CONSOLE / f"texts/{language}.json").read_text())
    assert sorted(keys() - set(texts)) == [], f"not in texts/{language}.json"
    assert sorted(set(texts) - keys()) == [], "nobody says it"


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
def test_a_translation_says_the_same_values_and_a_plural_has_all_its_forms(language: str) -> None:
    for key, text in json.loads((CONSOLE / f"texts/{language}.json").read_text()).items():
        forms = [text] if isinstance(text, str) else list(text.values())
        assert isinstance(text, str) or {"one", "other"} <= set(text), key
        for form in forms:
            assert set(re.findall(r"{(\w+)}", form)) <= set(re.findall(r"{(\w+)}", key)), key


def test_every_key_is_written_out_so_that_it_can_be_translated() -> None:
    for path in OURS:
        assert not re.search(r"(?<![\w.])t\((?![\"'`)])", code(path).replace("function t(", "")), f"{path.name}: t() takes a text, not an expression"


def test_nothing_is_written_that_the_policy_of_the_page_refuses() -> None:
    for path in [*OURS, CONSOLE / "index.html"]:
        for forbidden in (r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", r"\bstyle=", r"\bon\w+=\"", r"\beval\(|new Function"):
            assert not re.search(forbidden, code(path)), f"{path.name}: {forbidden}"


def test_the_vendored_file_is_named_by_its_hash_in_one_module_and_comes_with_its_licences() -> None:
    (vendored,) = (CONSOLE / "vendor").glob("*.js")
    assert vendored.stem.rpartition("-")[2] == hashlib.sha256(vendored.read_bytes()).hexdigest()[:12]
    assert [path.name for path in OURS if vendored.name in path.read_text()] == ["html.js"]
    licences = (CONSOLE / "vendor/LICENSES.txt").read_text()
    for name, version in json.loads((CONSOLE / "vendor/source/package.json").read_text())["devDependencies"].items():
        assert name == "esbuild" or f"{name} {version}" in licences


def test_the_page_loads_in_one_go_what_it_needs_before_its_first_screen() -> None:
    """Else the browser would find each module only in the one that imports it, a round trip later."""
    page = (CONSOLE / "index.html").read_text()
    told = {CONSOLE / name for name in re.findall(r'modulepreload" href="/console/([^"]+)"', page)}
    needed, ever = imported(CONSOLE / "app.js"), imported(CONSOLE / "app.js", *(CONSOLE / "screens").glob("*.js"))
    assert needed <= told | {CONSOLE / "app.js"} <= ever
