"""What every command that talks to the API has: --api, --token and --json."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer

from .client import AdminApi, Document
from .credentials import chosen
from .errors import CommandError
from .output import print_json, progress
from .polling import poll

LONGEST_QUERY_SECONDS: Final = 1800
"""Athena ends a query after 30 minutes (Service Quotas, "DML query timeout")."""


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

            return poll(looked, ended, patience=patience)

    def follow(self, title: str, noun: str, begun: Document, *, patience: float) -> Document:
        """Asks `/admin/<noun>/<ticket>` after what `begun` carries a ticket for, until it has ended, well or not.

        A ticket is opaque, and the last answer's is the one to bring next.
        """
        ticket: list[str] = [begun["ticket"]]

        def look() -> Document:
            found = self.api.get(noun, ticket[-1])
            ticket.append(found["ticket"])
            return found

        return self.wait(title, look, lambda found: found["state"] not in ("queued", "running"), patience=patience)

    def answer(self, title: str, noun: str, begun: Document, *, advice: str = "") -> Document:
        """What a query answered, once it has. Raises CommandError where it did not succeed."""
        done = self.follow(title, noun, begun, patience=LONGEST_QUERY_SECONDS)
        if done["state"] != "succeeded":
            raise CommandError(f"the query {done['state']}: {done.get('reason') or 'no reason given'}", code="query_failed", advice=advice)
        return done


Api = Annotated[str, typer.Option("--api", envvar="REGULARS_API", metavar="URL", help="Address of the API. Default: the current context's.")]
Token = Annotated[str, typer.Option("--token", envvar="REGULARS_TOKEN", metavar="TOKEN", help="Admin bearer token. Default: the current context's.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.", show_default=False)]
SHARED = [
    inspect.Parameter("api", inspect.Parameter.KEYWORD_ONLY, annotation=Api, default=""),
    inspect.Parameter("token", inspect.Parameter.KEYWORD_ONLY, annotation=Token, default=""),
    inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, annotation=Json, default=False),
]


def api_command(group: typer.Typer, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Registers a function whose first parameter is the Session; the rest are its own arguments and options."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(function)
        def run(*, api: str, token: str, as_json: bool, **arguments: Any) -> None:
            function(Session(AdminApi(*chosen(api, token)), as_json), **arguments)

        own = list(inspect.signature(function).parameters.values())[1:]
        keyword_only = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
        run.__signature__ = inspect.Signature(keyword_only + SHARED)  # type: ignore[attr-defined]
        group.command(name)(run)
        return function

    return register
