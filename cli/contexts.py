"""Which installations the command line knows, and as whom it talks to each: one file of the user's configuration folder.

It holds bearer tokens, refresh tokens and client secrets in clear, as the AWS command line's credentials file does, and is therefore readable by
its owner only from its first byte on. REGULARS_CONFIG names another file.

    save_context(name, api=URL, token=TOKEN)      keep an installation under a name, and talk to it from now on
    use_context(name)                             talk to this one from now on
    remove_context(name)                          forget it; where it was the current one, none is
"""

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import typer

from .errors import CommandError

LOCAL: Final = "local"
"""The context that `regulars up` writes at each of its starts."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """A program's own credentials (RFC 6749, 4.4): they get a new token whenever one is needed."""

    token_endpoint: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """What a person's sign-in in the browser left (RFC 6749, 6)."""

    token_endpoint: str
    client_id: str
    refresh_token: str = field(repr=False)


Grant = ClientSecret | RefreshToken


@dataclass(frozen=True, slots=True)
class Context:
    """One installation: where its API is, the token for it, and how to get the next token.

    `expires_at` is in seconds since 1970, or 0 where nobody said; without a `grant` the token is all there is.
    """

    name: str
    api: str
    token: str = field(repr=False)
    expires_at: float = 0.0
    grant: Grant | None = None


@dataclass(frozen=True, slots=True)
class Contexts:
    """All of them by name; `current` is the name of the one that commands talk to, or empty."""

    by_name: Mapping[str, Context] = field(default_factory=dict)
    current: str = ""

    def named(self, name: str) -> Context:
        """Raises CommandError for a name that nobody gave, with those that there are."""
        if name not in self.by_name:
            known = ", ".join(sorted(self.by_name)) or "none"
            raise CommandError(
                f"there is no context {name!r}; there are: {known}", code="no_such_context", advice="`regulars login --name` adds one."
            )
        return self.by_name[name]


def config_file() -> Path:
    """Where the contexts are kept."""
    chosen = os.environ.get("REGULARS_CONFIG")
    return Path(chosen) if chosen else Path(typer.get_app_dir("regulars")) / "contexts.json"


def load_contexts() -> Contexts:
    """What the file holds; nothing, where there is none. Raises CommandError for a file that is not ours."""
    path = config_file()
    try:
        return _from_document(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return Contexts()
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}", code="unreadable_contexts") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CommandError(
            f"{path} does not hold contexts of this command line ({type(error).__name__}: {error})",
            code="unreadable_contexts",
            advice="Mend or remove that file, then `regulars login`.",
        ) from None


def save_context(name: str, *, api: str, token: str, expires_at: float = 0.0, grant: Grant | None = None, current: bool = True) -> None:
    """Keeps an installation under `name`, in the place of what had that name; `current` says whether commands talk to it from now on.

    Raises CommandError for a name that cannot be one, or a file that cannot be read or written.
    """
    if not _NAME.fullmatch(name):
        raise CommandError(f"{name!r} cannot name a context: up to 64 letters, digits, '.', '_' and '-'", code="bad_context_name")
    known = load_contexts()
    saved = Context(name, api, token, expires_at, grant)
    _write(Contexts({**known.by_name, name: saved}, name if current else known.current))


def use_context(name: str) -> None:
    """Makes `name` the one that commands talk to. Raises CommandError where there is no such context."""
    known = load_contexts()
    known.named(name)
    _write(replace(known, current=name))


def remove_context(name: str) -> None:
    """Forgets a context and its secrets. Raises CommandError where there is no such context."""
    known = load_contexts()
    known.named(name)
    left = {each: context for each, context in known.by_name.items() if each != name}
    _write(Contexts(left, known.current if known.current != name else ""))


def _write(contexts: Contexts) -> None:
    """Replaces the file whole, so that no reader ever sees half of it."""
    path = config_file()
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(_to_document(contexts), file, indent=2)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise CommandError(
            f"cannot write {path}: {error.strerror}", code="unwritable_contexts", advice="REGULARS_CONFIG names another file."
        ) from None


def _to_document(contexts: Contexts) -> Mapping[str, Any]:
    by_name = {
        context.name: {
            "api": context.api,
            "token": context.token,
            "expires_at": context.expires_at,
            **(asdict(context.grant) if context.grant else {}),
        }
        for context in contexts.by_name.values()
    }
    return {"current": contexts.current, "contexts": by_name}


def _from_document(document: Any) -> Contexts:
    by_name = {name: _context(name, **fields) for name, fields in document["contexts"].items()}
    current = str(document["current"])
    return Contexts(by_name, current if current in by_name else "")


def _context(name: str, *, api: str, token: str, expires_at: float, **grant: str) -> Context:
    kind = RefreshToken if "refresh_token" in grant else ClientSecret
    return Context(name, str(api), str(token), float(expires_at), kind(**grant) if grant else None)
