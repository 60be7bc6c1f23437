"""Writes docs/cli.md from the commands themselves: `python -m cli.reference`. A test compares both. Not part of the wheel."""

from pathlib import Path
from typing import Any, get_args

import typer.main
from typer.core import TyperArgument, TyperGroup

from .command import Api, Json, Token
from .program import app

FILE = Path(__file__).parents[1] / "docs" / "cli.md"

PREAMBLE = """\
# The command line

<!-- Made from the commands by `python -m cli.reference`; their help is the text. -->

`regulars` is a thin client of the admin API: all it does, a program can do over HTTP (`GET /admin/openapi.json` describes how).
It works the same against `regulars up` and against AWS. `pip install .` in a checkout installs it alone, anywhere; `up`, `demo`,
`journey test` and `journey show` need the checkout, and no installation.

| where | how |
|---|---|
| which installation | `--api URL` or `REGULARS_API`, else the current context |
| as whom | `--token TOKEN` or `REGULARS_TOKEN`, else the context's token, which renews itself |
| for programs | `--json`: one JSON document on stdout, and an error as one object `{"code", "message"}` on stderr, with every command |

`regulars login` makes a context, and so does `regulars up`; `regulars context use` chooses one. A context's token goes to that context's
address only. Contexts are in `contexts.json` of the user's configuration folder (`regulars context show` says where; `REGULARS_CONFIG` names
another file), in clear and readable by their owner only. A token has scopes: `regulars/read`, `regulars/write`, to launch `regulars/send`, to
ask the lake in SQL `regulars/query`, and `regulars/privacy`.

The exit status is 0 only if the command did what it says; otherwise a message on stderr says what to do next. 2 is a command line that cannot be
read, 130 is Ctrl-C. Where several things are wrong with a document, all of them are told (with `--json` as `problems`). Progress is shown on stderr
where that is a terminal. A FILE may be `-` for standard input. A TIME is ISO 8601, a date or a date and time, in UTC if it names no zone. `-h` after
any command explains it.
"""

_EVERYWHERE = {get_args(each)[1].help for each in (Api, Token, Json)} | {"Show this message and exit."}


def reference() -> str:
    """The whole page: a chapter a command of the root, a section a command of a group."""
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    chapters = [PREAMBLE]
    for name, command in root.commands.items():
        if isinstance(command, TyperGroup):
            chapters.append(f"## `regulars {name}`\n\n{command.help}\n")
            chapters += [_section("###", f"regulars {name} {each}", found) for each, found in command.commands.items()]
        else:
            chapters.append(_section("##", f"regulars {name}", command))
    return "\n".join(chapters)


def _section(level: str, name: str, command: Any) -> str:
    arguments = "".join(f" {each.metavar}" for each in command.params if isinstance(each, TyperArgument))
    options = [each for each in command.params if not isinstance(each, TyperArgument) and each.help not in _EVERYWHERE]
    table = ["| option | |", "|---|---|", *map(_row, options), ""] if options else []
    return "\n".join([f"{level} `{name}{arguments}`", "", command.help.strip(), "", *table])


def _row(option: Any) -> str:
    value = "" if option.is_flag else f" {option.metavar}"
    default = f" Default: {option.default}." if option.show_default and option.default not in ("", None, False) else ""
    return f"| `{option.opts[0]}{value}` | {option.help}{default} |"


if __name__ == "__main__":
    FILE.write_text(reference())
