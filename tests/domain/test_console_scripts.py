"""Joining the console's modules into the scripts that are served: what is in which, and that it does what the modules did."""

import shutil
import subprocess
from pathlib import Path

import pytest

from regulars.domain.console_scripts import ServedScripts

NODE = shutil.which("node")

APP = """/** The beginning. */
import * as words from "./model/words.js";
import { html } from "./parts/html.js";

export const started = words.hello(html);
export const screens = [() => import("./screens/one.js"), () => import("./screens/two.js")];
"""
SOURCES = {
    "app.js": APP,
    "model/words.js": "const MOST = 3;\nexport function hello(who) {\n  return `hello ${who} ${MOST}`;\n}\n",
    "parts/html.js": 'export * from "../vendor/library.js";\n',
    "parts/chart.js": 'import { round } from "./round.js";\nexport const chart = (n) => round(n);\n',
    "parts/round.js": "export const round = Math.round;\n",
    "screens/one.js": """import { hello as hi } from "../model/words.js";
import { chart } from "../parts/chart.js";
import { MOST } from "./one/rows.js";
export const Screen = () => [hi("one"), chart(1.2), MOST];
""",
    "screens/one/rows.js": "/* Rows\n   of one. */\nexport const MOST = 7;\n",
    "screens/two.js": 'import { chart } from "../parts/chart.js";\n// A remark.\nexport const Screen = () => [chart(2.7), "/* no remark */"];\n',
    "vendor/library.js": 'export const html = "world";\n',
}


def test_a_module_is_in_the_one_script_that_needs_it_and_in_the_first_where_several_do() -> None:
    served = ServedScripts(SOURCES)
    assert sorted(served) == ["app.js", "screens/one.js", "screens/two.js", "vendor/library.js"]
    for has, script in {"hello ${who}": "app.js", "Math.round": "app.js", "MOST=7": "screens/one.js"}.items():
        assert [name for name, text in served.items() if has in text] == [script]


def test_screens_that_stand_together_are_one_script_and_each_is_found_in_it() -> None:
    app = 'export const screens = [() => import("./screens/segments.js"), () => import("./screens/today.js")];\n'
    served = ServedScripts({"app.js": app, "screens/segments.js": "export const Screen = 1;\n", "screens/today.js": "export const Screen = 2;\n"})
    assert sorted(served) == ["app.js", "screens/segments.js"]
    assert all(f'import("/console/screens/segments.js").then((all)=>all.$screens_{name})' in served["app.js"] for name in ("segments", "today"))


def test_what_is_vendored_is_served_as_it_is() -> None:
    assert ServedScripts(SOURCES)["vendor/library.js"] == SOURCES["vendor/library.js"]


def test_remarks_and_indentation_are_left_out_and_texts_that_look_like_remarks_stay() -> None:
    served = ServedScripts(SOURCES)
    assert not any(remark in text for text in served.values() for remark in ("The beginning", "of one", "A remark"))
    assert "/* no remark */" in served["screens/two.js"]
    assert not any(line.startswith(" ") for text in served.values() for line in text.splitlines())


@pytest.mark.skipif(NODE is None, reason="there is no node on this machine")
def test_the_scripts_do_what_the_modules_did_each_name_in_the_scope_of_its_module(tmp_path: Path) -> None:
    for name, text in ServedScripts(SOURCES).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace('"/console/', f'"{tmp_path}/'))
    (tmp_path / "package.json").write_text('{"type": "module"}')
    said = (
        'const app = await import("./app.js"); console.log(app.started); for (const load of app.screens) console.log((await load()).Screen().join());'
    )
    ran = subprocess.run([str(NODE), "--input-type=module", "-e", said], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines() == ["hello world 3", "hello one 3,1,7", "3,/* no remark */"], ran.stderr


def test_modules_that_need_each_other_are_refused_with_their_chain() -> None:
    with pytest.raises(
        ValueError, match=r"need each other: parts/round.js -> parts/chart.js -> parts/round.js|parts/chart.js -> parts/round.js -> parts/chart.js"
    ):
        ServedScripts({**SOURCES, "parts/round.js": 'import { chart } from "./chart.js";\nexport const round = chart;\n'})


def test_a_module_that_is_not_there_is_refused_with_who_wants_it() -> None:
    with pytest.raises(ValueError, match=r"screens/one\.js imports screens/one/rows\.js, which is not there"):
        ServedScripts({name: text for name, text in SOURCES.items() if name != "screens/one/rows.js"})


@pytest.mark.parametrize(
    "line", ["export default 1;", "export let n = 1;", 'import "./words.js";', 'import preact from "preact";', "export { hello };"]
)
def test_what_of_the_language_is_not_understood_is_refused_with_its_file(line: str) -> None:
    with pytest.raises(ValueError, match=r"^model/words\.js: "):
        dict(ServedScripts({**SOURCES, "model/words.js": SOURCES["model/words.js"] + line + "\n"}))


SHARING = {
    "app.js": 'export const screens = [() => import("./screens/one.js")];\n',
    "screens/one.js": """import { a } from "./one/a.js";
import { b } from "./one/b.js";
import * as all from "./one/c.js";
export const Screen = () => [a(), b(), all.own()];
""",
    "screens/one/a.js": 'import { two } from "./d.js";\nconst MOST = 1;\nexport const a = () => MOST + two;\n',
    "screens/one/b.js": 'import { two } from "./d.js";\nconst MOST = 5;\nexport const b = () => MOST + two;\n',
    "screens/one/c.js": 'const two = "mine";\nexport const own = () => two;\n',
    "screens/one/d.js": "export const two = 2;\n",
}


@pytest.mark.skipif(NODE is None, reason="there is no node on this machine")
def test_a_name_is_said_once_for_a_script_unless_somebody_else_has_one_like_it(tmp_path: Path) -> None:
    script = ServedScripts(SHARING)["screens/one.js"]
    assert script.count("two}=") <= 1, script
    scoped = {name for name in "abcd" if f"const $screens_one_{name}" in script}
    assert scoped == {"a", "b", "c", "d"}, "MOST is said twice, all of c is taken, and c has a `two` of its own"
    for name, text in ServedScripts(SHARING).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace('"/console/', f'"{tmp_path}/'))
    (tmp_path / "package.json").write_text('{"type": "module"}')
    said = 'const app = await import("./app.js"); console.log((await app.screens[0]()).Screen().join());'
    ran = subprocess.run([str(NODE), "--input-type=module", "-e", said], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines() == ["3,7,mine"], ran.stderr


@pytest.mark.skipif(NODE is None, reason="there is no node on this machine")
def test_what_is_exported_again_is_there_under_the_name_of_who_does(tmp_path: Path) -> None:
    one = 'export * from "./one/d.js";\nexport const Screen = () => 1;\n'
    script = ServedScripts({"app.js": SHARING["app.js"], "screens/one.js": one, "screens/one/d.js": SHARING["screens/one/d.js"]})["screens/one.js"]
    (tmp_path / "one.mjs").write_text(script.partition("import {")[0])
    ran = subprocess.run(
        [str(NODE), "--input-type=module", "-e", 'console.log((await import("./one.mjs")).$screens_one.two);'],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == "2\n", ran.stderr


def test_a_module_whose_names_are_its_alone_has_no_scope() -> None:
    script = ServedScripts({**SHARING, "screens/one/c.js": 'export const own = () => "mine";\n'})["screens/one.js"]
    assert "$screens_one_d" not in script and "const two=2" in script
