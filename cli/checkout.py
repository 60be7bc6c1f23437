"""What runs on this machine needs more than the command line: a checkout."""

from collections.abc import Iterator
from contextlib import contextmanager

from .errors import CommandError


@contextmanager
def needs_checkout() -> Iterator[None]:
    """Imports of `local` go in here: where the command line is installed alone, the error says how to get the rest."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != "local":
            raise
        raise CommandError(
            "the platform on a laptop is not part of the installed command line: this needs a checkout.",
            code="no_checkout",
            advice="Clone the repository and run `make demo` there; then its .venv/bin/regulars has this command.",
        ) from None
