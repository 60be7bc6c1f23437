"""What the console's modules are served as: few scripts, each of many modules, without comments and blanks.

    served as          has
    app.js             app.js, every module that it needs before the first screen, and those that several scripts need
    screens/run.js     the screen, those that stand TOGETHER with it, and the modules that no other script needs

The sources stay small modules that a browser could load one by one. Joined they are a quarter smaller, because gzip finds in one file what is said in
many, and a screen is there after one round trip instead of one for each level of its imports. Nothing is renamed: a module keeps a scope of its own,
unless all of its names are its alone in the script. What is imported by one name from one module only is said once for the script.

    const{html,useState}=$parts_html;
    const $parts_table = (() => { function Table(){..} return { Table }; })();

What is understood of the language is what the sources need (docs/console.md): `import { a, b as c }` and `import * as a` from a relative name,
`import("./x.js")`, `export` before a function, class or const, and `export * from`. Anything else is refused, so that it is seen in a test.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from regulars.domain.console_blanks import without_blanks
from regulars.domain.console_texts import ServedTexts

START: Final = "app.js"
"""The script that the page asks for."""

TOGETHER: Final = (
    ("screens/campaign.js", "screens/campaigns.js", "screens/journey.js", "screens/journeys.js", "screens/segment/tabs.js"),
    ("screens/segment.js", "parts/rule/editor.js"),
    ("screens/segments.js", "screens/today.js"),
    (
        "screens/operate.js",
        "screens/effect.js",
        "screens/people.js",
        "screens/person.js",
        "screens/quality.js",
        "screens/quarantine.js",
        "screens/refused.js",
        "screens/run.js",
        "screens/runs.js",
        "screens/settings.js",
        "screens/sources.js",
        "screens/sql.js",
    ),
)
"""Screens of one script, which is named after the first: small ones, and such as one goes between. Alone they are a tenth larger. The editor of rules
is the segment screen's; a journey asks for it once it is there."""

_FIRST_OF: Final = {name: group[0] for group in TOGETHER for name in group}
_ROOT: Final = "/console/"
_OF_THE_BROWSER: Final = frozenset(
    {
        "Text",
        "close",
        "document",
        "event",
        "fetch",
        "find",
        "focus",
        "history",
        "location",
        "name",
        "open",
        "parent",
        "print",
        "screen",
        "status",
        "stop",
        "top",
        "valueOf",
    }
)
"""Names that a module may use without importing them: never said for all of a script. A test asks the browser whether any is missing here."""
_COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*$", re.S | re.M)
_INDENT = re.compile(r"\n\s+|\n+")
_IMPORT = re.compile(r'^import (?:\* as (?P<all>\w+)|\{(?P<names>[^}]*)\}) from "(?P<path>\.[^"]+)";\n', re.M)
_AGAIN = re.compile(r'^export \* from "(?P<path>\.[^"]+)";\n', re.M)
_LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.M)
_DECLARED = re.compile(r"^(?:export )?(?:async )?(?:const|let|function\*?|class) (\w+|[{\[][^=]*[}\]](?= =))", re.M)
_NOT_UNDERSTOOD = re.compile(r"^(?:import|export)\b[^\n]*", re.M)


@dataclass(frozen=True)
class _Module:
    name: str
    text: str
    needs: tuple[str, ...]
    """Names of modules, in the order in which they are imported."""
    later: tuple[str, ...]
    """Names of modules that are loaded when somebody asks for them."""
    declares: frozenset[str]
    """What it calls by a name of its own, outside of its functions."""


class ServedScripts(Mapping[str, str]):
    """What each script's name is answered with, of the sources by their names (`parts/table.js`). A script is joined when it is asked for.

    ValueError says in which file something is not understood, is imported and not there, or needs itself.
    """

    def __init__(self, sources: Mapping[str, str], texts: ServedTexts | None = None) -> None:
        self._texts = texts or ServedTexts(sources, {})
        self._vendored = {name: text for name, text in sources.items() if name.startswith("vendor/")}
        modules = {name: _read(name, text) for name, text in sources.items() if name not in self._vendored}
        order = _importers_last(modules, self._vendored.keys())
        self._homes = _homes(modules, order)
        self._members: dict[str, list[_Module]] = {}
        for name in order:
            if name in self._homes:
                self._members.setdefault(self._homes[name], []).append(modules[name])
        self._wanted = {name for module in modules.values() for name in module.needs if self._homes.get(name) != self._homes.get(module.name)}
        self._wanted |= {name for module in modules.values() for name in module.later}

    def __getitem__(self, name: str) -> str:
        if name in self._vendored:
            return self._vendored[name]
        script = self._texts.numbered(_script(self._members[name], self._homes, self._wanted))
        return f"{script}{self._edition(name)}"

    def _edition(self, name: str) -> str:
        """The line by which the browser refuses to join scripts of two editions: a number would mean another text in each."""
        mark = f"$texts_{self._texts.edition}"
        if name != START:
            return f'import {{ {mark} }} from "{_ROOT}{START}";\n'
        return f'const {mark} = "{self._texts.edition}";\nexport {{ {mark} }};\n'

    def __iter__(self) -> Iterator[str]:
        return iter([*self._vendored, *self._members])

    def __len__(self) -> int:
        return len(self._vendored) + len(self._members)

    def said_for_all(self) -> Set[str]:
        """The names that stand for all of some script: none may be one of the browser's own, which a module of it could mean."""
        names = [(_Names(members, self._wanted), members) for members in self._members.values()]
        shared = {name.lstrip("*") for said, _ in names for told in said.shared.values() for name in told}
        return shared | {name for said, members in names for module in members if module.name in said.bare for name in module.declares}


def _read(name: str, text: str) -> _Module:
    text = _COMMENT.sub("", "\n" + text)
    declares = frozenset(name for told in _DECLARED.findall(text) for name in re.findall(r"\w+", told))
    text = _INDENT.sub("\n", text).lstrip()
    here = posixpath.dirname(name)

    def absolute(path: str) -> str:
        return posixpath.normpath(posixpath.join(here, path))

    needs = [absolute(found["path"]) for pattern in (_IMPORT, _AGAIN) for found in pattern.finditer(text)]
    return _Module(name, text, tuple(needs), tuple(absolute(path) for path in _LATER.findall(text)), declares)


def _importers_last(modules: Mapping[str, _Module], vendored: Set[str]) -> list[str]:
    """Every module after those that it needs."""
    order: dict[str, None] = {}

    def visit(name: str, chain: tuple[str, ...]) -> None:
        if name in chain:
            raise ValueError(f"modules need each other: {' -> '.join([*chain[chain.index(name) :], name])}")
        if name in vendored or name in order:
            return
        if name not in modules:
            raise ValueError(f"{chain[-1]} imports {name}, which is not there")
        for needed in modules[name].needs:
            visit(needed, (*chain, name))
        order[name] = None

    for name in sorted(modules):
        visit(name, ())
    return list(order)


def _homes(modules: Mapping[str, _Module], order: list[str]) -> Mapping[str, str]:
    """The script that each module is in. A module that nobody needs is in none."""
    starts = {START, *(name for module in modules.values() for name in module.later)}
    importers: dict[str, set[str]] = {}
    for module in modules.values():
        for needed in module.needs:
            importers.setdefault(needed, set()).add(module.name)
    homes: dict[str, str] = {}
    for name in reversed(order):
        of_importers = {homes[each] for each in importers.get(name, ()) if each in homes}
        if START in of_importers or (name not in starts and len(of_importers) > 1):
            homes[name] = START
        elif name in starts:
            homes[name] = _FIRST_OF.get(name, name)
        elif of_importers:
            homes[name] = of_importers.pop()
    return homes


def _script(members: Sequence[_Module], homes: Mapping[str, str], wanted: Set[str]) -> str:
    """The members, each in a scope of its own, which others may take if it is wanted, or without one where all of its names are its alone."""
    names = _Names(members, wanted)
    needs = sorted({needed for module in members for needed in module.needs} - {module.name for module in members})
    lines = [f'import {taken} from "{_ROOT}{there}";' for there, taken in _taken(needs, homes)]
    lines += [names.said(needed) for needed in needs]
    for module in sorted(members, key=lambda module: module.name == START):  # it may have modules that it does not need itself
        bound = _bound(module, homes, names.shared)
        body = without_blanks(bound if module.name == START else _EXPORT.sub("", bound))
        if module.name == START or module.name in names.bare:
            lines.append(body)
        else:
            told = [*(f"...{_scope(needed)}" for needed in _again(module)), *_EXPORT.findall(module.text)]
            lines.append(f"const {_scope(module.name)} = (() => {{\n{body}return {{ {', '.join(told)} }};\n}})();")
            lines.append(names.said(module.name))
    taken = ", ".join(_scope(module.name) for module in members if module.name in wanted)
    return "\n".join([*filter(None, lines), f"export {{ {taken} }};\n"])


class _Names:
    """What is said once for a whole script: by module, the names that its members take from it and nobody takes from another (`shared`; `*name` is
    all of the module), and which modules have only names that are theirs alone (`bare`)."""

    def __init__(self, members: Sequence[_Module], wanted: Set[str]) -> None:
        bindings: dict[str, set[tuple[str, str]]] = {}
        for module in members:
            for needed, name in _imports(module):
                bindings.setdefault(name.rpartition(" ")[2].lstrip("*"), set()).add((needed, name))
        declared = Counter(name for module in members for name in module.declares)
        apart = {*_OF_THE_BROWSER, *(name for module in members if module.name == START for name in module.declares)}
        whole = {needed for told in bindings.values() for needed, name in told if name.startswith("*") or " " in name}
        whole |= {needed for module in members for needed in _again(module)}
        alone = {name for name, told in bindings.items() if len(told) == 1 and name not in apart and not any(" " in each for _, each in told)}

        def is_bare(module: _Module) -> bool:
            taken = (name.rpartition(" ")[2].lstrip("*") for _, name in _imports(module))
            own = all(
                declared[name] == 1 and name not in apart and bindings.get(name, {(module.name, name)}) == {(module.name, name)}
                for name in module.declares
            )
            return own and module.name not in {START, *wanted, *whole} and not _again(module) and alone.issuperset(taken)

        self.bare = {module.name for module in members if is_bare(module)}
        self.shared: dict[str, list[str]] = {}
        for name in sorted(alone):
            needed, binding = next(iter(bindings[name]))
            self.shared.setdefault(needed, []).append(binding)

    def said(self, module: str) -> str:
        """The line that gives a module's shared names to all behind it; empty where there are none."""
        names = self.shared.get(module, ())
        parts = ",".join(name for name in names if not name.startswith("*"))
        told = [*([f"{{{parts}}}={_scope(module)}"] if parts else []), *(f"{name[1:]}={_scope(module)}" for name in names if name.startswith("*"))]
        return f"const {','.join(told)};" if told else ""


def _imports(module: _Module) -> Iterator[tuple[str, str]]:
    """What it imports (`name`, `name as other`, `*all`), each with the module that has it."""
    for found, needed in zip(_IMPORT.finditer(module.text), module.needs, strict=False):
        names = [f"*{found['all']}"] if found["all"] else map(str.strip, found["names"].split(","))
        yield from ((needed, name) for name in names if name)


def _taken(names: Iterable[str], homes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each script that these modules are in, and what of it is taken: of a vendored file all."""
    scopes: dict[str, list[str]] = {}
    for name in names:
        if name in homes:
            scopes.setdefault(homes[name], []).append(_scope(name))
        else:
            yield name, f"* as {_scope(name)}"
    for there, taken in scopes.items():
        yield there, f"{{ {', '.join(taken)} }}"


def _bound(module: _Module, homes: Mapping[str, str], shared: Mapping[str, Sequence[str]]) -> str:
    """The text with its imports as names of what was imported, now or later, without those that are shared."""
    needs, later = iter(module.needs), iter(module.later)

    def names(found: re.Match[str]) -> str:
        needed = next(needs)
        if found["all"]:
            return "" if f"*{found['all']}" in shared.get(needed, ()) else f"const {found['all']} = {_scope(needed)};\n"
        taken = [each.strip() for each in found["names"].split(",")]
        left = [each.replace(" as ", ": ") for each in taken if each and each not in shared.get(needed, ())]
        return f"const {{ {', '.join(left)} }} = {_scope(needed)};\n" if left else ""

    def scope(_: re.Match[str]) -> str:
        name = next(later)
        return f'import("{_ROOT}{homes[name]}").then((all) => all.{_scope(name)})'

    text = _LATER.sub(scope, _AGAIN.sub("", _IMPORT.sub(names, module.text)))
    if (other := _NOT_UNDERSTOOD.search(_EXPORT.sub("", text))) is not None:
        allowed = "import { a } or * as a from a relative name, and export of a function, class or const"
        raise ValueError(f"{module.name}: {other[0]!r} is not understood; allowed are {allowed}, each beginning a line")
    return text


def _again(module: _Module) -> tuple[str, ...]:
    """The modules of which everything is exported again."""
    return module.needs[len(_IMPORT.findall(module.text)) :]


def _scope(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
