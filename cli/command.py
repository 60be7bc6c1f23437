"""What every command has: --api, --token and --json; errors on stderr; exit status 0 only on success."""

import functools
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from .client import DEFAULT_API, AdminApi, Document
from .errors import CommandError
from .output import print_json, progress


@dataclass(frozen=True)
class Session:
    """How a command talks to the API and to its user."""

    api: AdminApi
    as_json: bool

    def show(self, document: Document, human: Callable[[Document], None]) -> None:
        """Prints the document as JSON if that was asked for, else as `human` does."""
        print_json(document) if self.as_json else human(document)

    def wait(
        self,
        title: str,
        look: Callable[[], Document],
        ended: Callable[[Document], bool],
        *,
        patience: float,
        tell: Callable[[Document], str] = lambda found: str(found["state"]),
    ) -> Document:
        """Looks until `ended`; a terminal shows what `tell` makes of each look. Raises CommandError after `patience` s."""
        with progress(title) as show:

            def looked() -> Document:
                found = look()
                show(tell(found))
                return found

            return self.api.poll(looked, ended, patience=patience)


_Api = Annotated[str, typer.Option("--api", envvar="REGULARS_API", help="Address of the API.")]
_Token = Annotated[str, typer.Option("--token", envvar="REGULARS_TOKEN", help="Admin bearer token.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.", show_default=False)]
_SHARED = [
    inspect.Parameter("api", inspect.Parameter.KEYWORD_ONLY, annotation=_Api, default=DEFAULT_API),
    inspect.Parameter("token", inspect.Parameter.KEYWORD_ONLY, annotation=_Token, default=""),
    inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, annotation=_Json, default=False),
]


def api_command(group: typer.Typer, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Registers a function whose first parameter is the Session; the rest are its own arguments and options."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(function)
        def run(*, api: str, token: str, as_json: bool, **arguments: Any) -> None:
            with errors_on_stderr():
                function(Session(AdminApi(api, token), as_json), **arguments)

        own = list(inspect.signature(function).parameters.values())[1:]
        keyword_only = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
        run.__signature__ = inspect.Signature(keyword_only + _SHARED)  # type: ignore[attr-defined]
        group.command(name)(run)
        return function

    return register


class errors_on_stderr:  # noqa: N801 - reads as a statement
    """Turns a CommandError into a message on stderr and exit status 1."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, CommandError):
            print(f"regulars: {error}", file=sys.stderr)
            raise typer.Exit(1) from None
