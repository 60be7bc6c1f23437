"""As whom the command line talks to which API."""

import json
import os
from pathlib import Path

import typer

from cli.client import CommandError


def chosen(api: str, token: str) -> tuple[str, str]:
    """Address and token: what was given, else the current context's. Raises CommandError where neither says."""
    if api and token:
        return api, token
    try:
        known = json.loads(Path(os.environ.get("REGULARS_CONFIG") or Path(typer.get_app_dir("regulars")) / "contexts.json").read_bytes())
        current = known["contexts"][known["current"]]
        return api or current["api"], token or current["token"]
    except (OSError, ValueError, KeyError):
        raise CommandError("no API was named: give --api and --token") from None
