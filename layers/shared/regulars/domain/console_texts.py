"""The console's texts, served as data: scripts say a text's number, and one list for each language has the text.

    source       t("Saved as version {version}", { version: 7 })
    served       t(212,{version:7})        texts/es-1f0c9a3b77de.json: [.., "Guardado como versión {version}", ..]

English is a language like the others, and no script has its texts. The edition, a hash of all texts, is in the names of the lists, and in a name
that each script takes from the first: lists and scripts of two deployments are never mixed. Who asks for a list of another edition finds none.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Final

ENGLISH: Final = "en"

_TEXT = re.compile(r"""(?<![\w.$])t\(\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`([^`$]*)`)""")
_NAME = re.compile(r"texts/(\w+)-([0-9a-f]+)\.json")


class ServedTexts:
    """`sources` are scripts by name; `translated` says by language what is other than the text of the script, `en` only what has a plural.

    A text that a language lacks is shown in English; a test sees that none does.
    """

    def __init__(self, sources: Mapping[str, str], translated: Mapping[str, Mapping[str, object]]) -> None:
        texts = (_read(found) for name in sorted(sources) for found in _TEXT.finditer(sources[name]))
        self._numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        self._translated = translated
        told = json.dumps([list(self._numbers), translated], sort_keys=True)
        self.edition: Final = hashlib.sha256(told.encode()).hexdigest()[:12]

    def numbered(self, script: str) -> str:
        """The script with a number for each text that was in the sources, and the edition where it names the lists."""
        return _TEXT.sub(lambda found: f"t({self._numbers[_read(found)]}", script).replace("-edition.json", f"-{self.edition}.json")

    def list_called(self, name: str) -> str | None:
        """The file of that name: the texts by their numbers. None where it is of another edition, or of no language that there is."""
        if (found := _NAME.fullmatch(name)) is None or found[1] not in {ENGLISH, *self._translated} or found[2] != self.edition:
            return None
        english, own = self._translated.get(ENGLISH, {}), self._translated.get(found[1], {})
        return json.dumps([own.get(text, english.get(text, text)) for text in self._numbers], ensure_ascii=False, separators=(",", ":"))


def _read(found: re.Match[str]) -> str:
    return str(json.loads(f'"{found[1]}"')) if found[1] is not None else found[2] or found[3] or ""
