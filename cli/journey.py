"""`regulars journey ...`: what follows when somebody does something."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from . import journey_text
from .checkout import require_checkout
from .client import Document
from .command import Json
from .definitions import File
from .errors import CommandError
from .output import print_json, read_document

group = typer.Typer(no_args_is_help=True, help="Write and test journeys.")


@group.command("test")
def test(
    file: File,
    trail: Annotated[bool, typer.Option("--trail", help="Also show the steps of who passed.", show_default=False)] = False,
    as_json: Json = False,
) -> None:
    """Try journeys on the people of a file, in simulated time: who is told what, and when.

    The file names the journeys (or holds them), people, what these do, and what they are meant to be told (docs/journeys.md). No platform is needed,
    and a year passes in milliseconds. The status is 0 only if everybody was told just that.
    """
    require_checkout("local", "regulars")
    from local.journeys import tested

    trial = read_document(file)
    sources = list(_sources(trial.get("journeys"), file))
    result = tested(trial, [document for _, document in sources])
    wrong = [line for (name, _), each in zip(sources, result["journeys"], strict=True) for line in journey_text.problems(name, each["errors"])]
    wrong += journey_text.problems(file, result["problems"])
    if as_json:
        print_json(result)
    if wrong:
        raise CommandError("\n".join(wrong), code="invalid_journey")
    if not as_json:
        print("\n".join(journey_text.verdicts(result, with_trail=trail)))
    if not result["passed"]:
        failed = sum(not person["passed"] for person in result["people"])
        raise CommandError(f"{failed} of {len(result['people'])} people were told something else than expected", code="test_failed")


@group.command("show")
def show(file: File, as_json: Json = False) -> None:
    """Check a journey, and draw it as a flow chart in Mermaid's words.

    GitHub, GitLab and most documentation draw what is between ```mermaid and ```. Warnings are on stderr; every error is told at once, with its path.
    """
    require_checkout("local", "regulars")
    from local.journeys import looked_at

    found = looked_at(read_document(file))
    if as_json:
        print_json(found)
    if found["errors"]:
        raise CommandError("\n".join(journey_text.problems(file, found["errors"])), code="invalid_journey")
    if not as_json:
        print(found["picture"])
        journey_text.warn(file, found["warnings"])


def _sources(listed: Any, file: str) -> Iterator[tuple[str, Document]]:
    """Each journey with what it is called in messages: those that stand in the file, and those in files beside it. Raises CommandError."""
    if not isinstance(listed, list) or not listed:
        raise CommandError(f'{file}: "journeys" must list journeys, or the names of their files, as in ["cart.json"]', code="bad_file")
    folder = Path() if file == "-" else Path(file).parent
    for number, each in enumerate(listed):
        if isinstance(each, str):
            yield each, read_document(str(folder / each))
        elif isinstance(each, dict):
            yield f"journeys[{number}]", each
        else:
            raise CommandError(f"{file}: journeys[{number}] is neither a journey nor the name of a file", code="bad_file")
