"""As whom the command line talks to the API: by a token that it was given, or by a context whose token renews itself."""

import time
from dataclasses import dataclass, field
from typing import Final, Protocol

from .contexts import Context, RefreshToken, load_contexts, save_context
from .errors import CommandError
from .oauth import GrantRefusedError, renew

DEFAULT_API: Final = "http://127.0.0.1:8400"
"""Where `regulars up` listens."""

_EARLY_SECONDS: Final = 60
"""A token is renewed so long before its end: clocks differ, and a request takes its time."""


class Credentials(Protocol):
    """A bearer token, and what can be done about a refused one."""

    def token(self) -> str: ...

    def renewed(self) -> bool:
        """Tries to get another token after one was refused; whether there is one."""
        ...

    @property
    def advice(self) -> str:
        """What to do when the token is refused for good."""
        ...


@dataclass(frozen=True, slots=True)
class GivenToken:
    """A token by option or environment; empty where nobody gave one."""

    value: str = field(repr=False)

    def token(self) -> str:
        return self.value

    def renewed(self) -> bool:
        return False

    @property
    def advice(self) -> str:
        if self.value:
            return "--token (REGULARS_TOKEN) may have expired; `regulars login --api URL` gets a token that renews itself."
        return "`regulars login --api URL` signs in; `regulars up` does so by itself for its own API."


class ContextToken:
    """The token of a context. What is renewed is kept for the next command."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def token(self) -> str:
        if self._context.grant and self._context.expires_at < time.time() + _EARLY_SECONDS:
            self._renew()
        return self._context.token

    def renewed(self) -> bool:
        if self._context.grant is None:
            return False
        self._renew()
        return True

    @property
    def advice(self) -> str:
        name = self._context.name
        if self._context.grant is None:
            return (
                f"The context {name!r} holds a token that is not valid any more: `regulars login --api {self._context.api}`, or `regulars up` again."
            )
        how = " --browser" if isinstance(self._context.grant, RefreshToken) else ""
        return f"`regulars login --api {self._context.api} --name {name}{how}` signs in anew."

    def _renew(self) -> None:
        context = self._context
        assert context.grant is not None
        try:
            tokens, grant = renew(context.grant)
        except GrantRefusedError as error:
            raise CommandError(f"context {context.name}: {error}", code=error.code, advice=self.advice) from None
        self._context = Context(context.name, context.api, tokens.access_token, tokens.expires_at, grant)
        save_context(context.name, api=context.api, token=tokens.access_token, expires_at=tokens.expires_at, grant=grant, current=False)


def chosen(api: str, token: str) -> tuple[str, Credentials]:
    """The API's address and the credentials for it: what was given, else the current context.

    A context's token goes to that context's address only.
    """
    if api and token:
        return api, GivenToken(token)
    contexts = load_contexts()
    current = contexts.by_name.get(contexts.current)
    if token:
        return current.api if current else DEFAULT_API, GivenToken(token)
    if not api:
        if current is None and contexts.by_name:
            known = ", ".join(sorted(contexts.by_name))
            raise CommandError(f"there is no current context; there are: {known}", code="no_such_context", advice="`regulars context use NAME`")
        return (current.api, ContextToken(current)) if current else (DEFAULT_API, GivenToken(""))
    of_address = [each for each in (current, *contexts.by_name.values()) if each and each.api.rstrip("/") == api.rstrip("/")]
    return api, ContextToken(of_address[0]) if of_address else GivenToken("")
