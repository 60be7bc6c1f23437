"""What runs on this machine needs more than the command line: a checkout, and the packages of the platform."""

from importlib.util import find_spec

from .errors import CommandError


def require_checkout(*needed: str) -> None:
    """To be called before `local` is imported; `needed` are the packages that it will import, else those of the whole platform. Raises CommandError
    that says how to get it, where the command line is installed alone."""
    missing = [name for name in needed or ("local", "moto") if find_spec(name) is None]
    if missing:
        raise CommandError(
            f"the platform on a laptop is not part of the installed command line (no {missing[0]}): this needs a checkout.",
            code="no_checkout",
            advice="Clone the repository and run `make demo` there; then its .venv/bin/regulars has this command.",
        )
