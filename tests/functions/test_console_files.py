"""What holds of the console's files whatever is added to them: sizes, texts, and what the page's policy would refuse at run time."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from regulars.domain.console_scripts import START, TOGETHER, ServedScripts
from regulars.domain.console_texts import ServedTexts

NODE = shutil.which("node")
CONSOLE = Path(__file__).parents[2] / "console"
SCRIPTS = sorted(path for path in CONSOLE.rglob("*.js") if "source" not in path.parts)
OURS = [path for path in SCRIPTS if "vendor" not in path.parts]
LANGUAGES = sorted(path.stem for path in (CONSOLE / "texts").glob("*.json") if path.stem != "en")

ALL_SCRIPTS = 100_000
SEGMENT_SCREEN = 40_000
STYLE = 8_000
TEXTS = 25_000
"""Bytes, gzipped, as they are served."""

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_KEY = re.compile(r"""\bt\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`$]*)`)""")
_IMPORT = re.compile(r"""^import [^;]*? from "/console/([^"]+)";""", re.M)


def served() -> dict[str, str]:
    return dict(ServedScripts({path.relative_to(CONSOLE).as_posix(): path.read_text() for path in SCRIPTS}))


def compressed(*texts: str) -> int:
    return sum(len(gzip.compress(text.encode(), 9)) for text in texts)


def code(path: Path) -> str:
    return _COMMENT.sub("", path.read_text())


def keys() -> set[str]:
    """The English of every text that is shown."""
    found = (match for path in OURS for match in _KEY.finditer(code(path)))
    return {json.loads(f'"{next(filter(None, match.groups()))}"') for match in found}


def imported(*starts: str) -> set[str]:
    """Every script that these need before they run, with themselves."""
    waiting, found, scripts = [*starts], set[str](), served()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _IMPORT.findall(scripts[name])
    return found


def test_all_scripts_together_and_the_style_keep_within_their_budgets() -> None:
    assert compressed(*served().values()) <= ALL_SCRIPTS
    assert compressed((CONSOLE / "console.css").read_text()) <= STYLE


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
def test_the_list_of_a_language_has_all_texts_and_is_as_small_as_a_few_screens(language: str) -> None:
    sources = {path.relative_to(CONSOLE).as_posix(): path.read_text() for path in SCRIPTS}
    texts = ServedTexts(sources, {each: json.loads((CONSOLE / f"texts/{each}.json").read_text()) for each in [*LANGUAGES, "en"]})
    listed = texts.list_called(f"texts/{language}-{texts.edition}.json")
    assert listed is not None
    assert len(json.loads(listed)) >= len(keys())
    assert compressed(listed) <= TEXTS


def test_whoever_opens_the_segment_screen_first_loads_no_more_than_its_budget() -> None:
    screen = next(name for name in ("screens/segment.js", "screens/segments.js") if name in served())
    assert compressed(*(served()[name] for name in imported(START, screen))) <= SEGMENT_SCREEN


def test_no_module_is_there_that_nothing_needs() -> None:
    waiting, found = [CONSOLE / "app.js"], set[Path]()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [(path.parent / name).resolve() for name in re.findall(r'(?:from |import\()"(\.[^"]+)"', code(path))]
    assert sorted(path.name for path in set(OURS) - found) == []


@pytest.mark.skipif(NODE is None, reason="there is no node on this machine")
def test_every_script_can_be_read_as_it_is_served(tmp_path: Path) -> None:
    for name, script in served().items():
        path = tmp_path / Path(name).with_suffix(".mjs").name
        path.write_text(script)
        ran = subprocess.run([str(NODE), "--check", str(path)], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, f"{name}: {ran.stderr}"


def test_screens_that_stand_together_are_there() -> None:
    assert [name for group in TOGETHER for name in group if not (CONSOLE / name).exists()] == []


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


def test_a_button_is_never_disabled_while_it_runs_for_it_would_lose_the_focus() -> None:
    """It is `aria-disabled`, which parts/focus.js minds."""
    for path in OURS:
        assert not re.search(r"(?<!aria-)\bdisabled=\$\{[^}]*\b(isRunning|isLoading|isBusy)\b", code(path)), path.name


def test_the_vendored_file_is_named_by_its_hash_in_one_module_and_comes_with_its_licences() -> None:
    (vendored,) = (CONSOLE / "vendor").glob("*.js")
    assert vendored.stem.rpartition("-")[2] == hashlib.sha256(vendored.read_bytes()).hexdigest()[:12]
    assert [path.name for path in OURS if vendored.name in path.read_text()] == ["html.js"]
    licences = (CONSOLE / "vendor/LICENSES.txt").read_text()
    for name, version in json.loads((CONSOLE / "vendor/source/package.json").read_text())["devDependencies"].items():
        assert name == "esbuild" or f"{name} {version}" in licences


def test_the_page_loads_in_one_go_what_it_needs_before_its_first_screen() -> None:
    """Else the browser would find each script only in the one that imports it, a round trip later."""
    page = (CONSOLE / "index.html").read_text()
    assert {*re.findall(r'modulepreload" href="/console/([^"]+)"', page), START} == imported(START)
