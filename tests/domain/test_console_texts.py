"""Texts as numbers and lists: each script and each list are of one edition, and say the same."""

import json

import pytest

from regulars.domain.console_scripts import ServedScripts
from regulars.domain.console_texts import ServedTexts

SCREEN = """import { t } from "../model/text.js";
export const Screen = () => [t('Why "this"'), t(
  "Save"), `${t("{n} days", { n: 1 })}`, at("Save")];
"""
SOURCES = {
    "app.js": 'import { t } from "./model/text.js";\nt("Save");\nconst later = () => import("./screens/one.js");\n',
    "model/text.js": "export const t = (text) => fetch(`/console/texts/${text}-edition.json`);\n",
    "screens/one.js": SCREEN,
}
PLURAL = {"one": "{n} day", "other": "{n} days"}
TRANSLATED = {"en": {"{n} days": PLURAL}, "es": {"Save": "Guardar"}}
TEXTS = ServedTexts(SOURCES, TRANSLATED)


def listed(language: str) -> list[object]:
    text = TEXTS.list_called(f"texts/{language}-{TEXTS.edition}.json")
    assert text is not None
    return list(json.loads(text))


def test_a_script_says_the_number_at_which_the_list_has_the_text() -> None:
    script = ServedScripts(SOURCES, TEXTS)["screens/one.js"]
    at = listed("en").index
    for said in (at('Why "this"'), at("Save")):
        assert f"t({said})" in script
    assert f"t({at(PLURAL)},{{n:1}})" in script
    assert 'at("Save")' in script, "a function of another name takes what it is given"


def test_what_a_language_lacks_is_in_english() -> None:
    assert sorted(map(str, listed("es"))) == sorted(map(str, ["Guardar", 'Why "this"', PLURAL]))


@pytest.mark.parametrize(
    "name", ["texts/en.json", "texts/en-000000000000.json", f"texts/fr-{TEXTS.edition}.json", f"texts/../en-{TEXTS.edition}.json"]
)
def test_a_list_of_another_edition_or_language_is_not_there(name: str) -> None:
    assert TEXTS.list_called(name) is None


def test_a_script_takes_the_edition_from_the_first_so_that_the_browser_joins_no_two_editions() -> None:
    later = ServedTexts(SOURCES, {**TRANSLATED, "es": {"Save": "Guarda"}})
    assert later.edition != TEXTS.edition
    scripts = ServedScripts(SOURCES, TEXTS)
    assert f"export {{ $texts_{TEXTS.edition} }}" in scripts["app.js"]
    assert f"-{TEXTS.edition}.json" in scripts["app.js"]
    assert f'import {{ $texts_{TEXTS.edition} }} from "/console/app.js"' in scripts["screens/one.js"]
