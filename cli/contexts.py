"""Which installations the command line knows: one file of the user's configuration folder. REGULARS_CONFIG names another file."""

import json
import os
from pathlib import Path

import typer

from cli.client import CommandError


def save_context(name: str, *, api: str, token: str) -> None:
    """Keeps an installation under `name`, and talks to it from now on. Raises CommandError for a file that cannot be written."""
    path = Path(os.environ.get("REGULARS_CONFIG") or Path(typer.get_app_dir("regulars")) / "contexts.json")
    document = {"current": name, "contexts": {name: {"api": api, "token": token, "expires_at": 0.0}}}
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(document, file)
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror}") from None
