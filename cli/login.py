"""`regulars login` and `regulars context ...`: which installation commands talk to, and as whom."""

import sys
import time
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from .command import Json
from .contexts import LOCAL, ClientSecret, Context, Grant, RefreshToken, config_file, load_contexts, remove_context, save_context, use_context
from .discovery import SignIn, sign_in_of
from .errors import CommandError
from .oauth import GrantRefusedError, Tokens, renew
from .output import print_json, print_table

contexts = typer.Typer(no_args_is_help=True, help="Choose which installation commands talk to.")

_WHERE_SECRETS_ARE = "`aws cognito-idp describe-user-pool-client` shows a client's secret: README.md, Deploy."

Name = Annotated[str, typer.Argument(help="A context's name.", metavar="NAME")]


def login(
    api: Annotated[
        str, typer.Option("--api", envvar="REGULARS_API", metavar="URL", help="Address of the API: the stack's output ApiUrl.", show_default=False)
    ],
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="What to call the context. Default: the address's host.", show_default=False)
    ] = "",
    client_id: Annotated[str, typer.Option("--client-id", metavar="ID", help="Another client of the user pool.", show_default=False)] = "",
    browser: Annotated[bool, typer.Option("--browser", help="Sign in as a person, in the browser.", show_default=False)] = False,
    as_json: Json = False,
) -> None:
    """Sign in to an installation, and talk to it from now on.

    Without --browser as a program, by the client secret of the stack's operator client: it is asked for and not shown, or read from standard input
    where that is no terminal. With --browser as a person of the stack's user pool.

    The token that this gets renews itself. It is kept with the secret in a file that only you can read (regulars context show), as the AWS command
    line keeps its credentials.
    """
    name = name or _host(api)
    if name == LOCAL:
        taken = f"{LOCAL!r} is the context of `regulars up`, which replaces it at each start"
        raise CommandError(taken, code="bad_context_name", advice="Choose another --name.")
    where = sign_in_of(api)
    tokens, grant = _as_person(where, client_id or where.browser_client) if browser else _as_program(where, client_id or where.operator_client)
    save_context(name, api=api.rstrip("/"), token=tokens.access_token, expires_at=tokens.expires_at, grant=grant)
    _show_signed_in(load_contexts().named(name), as_json)


@contexts.command("list")
def list_(as_json: Json = False) -> None:
    """List the contexts; * marks the current one."""
    known = load_contexts()
    if as_json:
        print_json({"current": known.current, "contexts": [_facts(each) for each in known.by_name.values()]})
    else:
        columns = ("", "name", "api", "signed in as")
        print_table(columns, [["*" if each.name == known.current else "", each.name, each.api, _who(each)] for each in known.by_name.values()])


@contexts.command("use")
def use(name: Name, as_json: Json = False) -> None:
    """Talk to this installation from now on."""
    use_context(name)
    _show_signed_in(load_contexts().named(name), as_json)


@contexts.command("remove")
def remove(name: Name, as_json: Json = False) -> None:
    """Forget an installation, its token and its secret."""
    remove_context(name)
    print_json({"removed": name}) if as_json else print(f"context {name} is forgotten")


@contexts.command("show")
def show(
    name: Annotated[str, typer.Argument(help="A context's name. Default: the current one.", metavar="[NAME]", show_default=False)] = "",
    as_json: Json = False,
) -> None:
    """Show a context, never its secrets, and the file that holds it."""
    known = load_contexts()
    if not (name or known.current):
        raise CommandError(
            "there is no current context", code="no_such_context", advice="`regulars login --api URL` makes one; so does `regulars up`."
        )
    context = known.named(name or known.current)
    facts = {**_facts(context), "file": str(config_file())}
    print_json(facts) if as_json else print("\n".join(f"{key:<11} {value}" for key, value in facts.items()))


def _as_program(where: SignIn, client_id: str) -> tuple[Tokens, Grant]:
    grant = ClientSecret(where.token_endpoint, client_id, _secret(client_id))
    try:
        return renew(grant)[0], grant
    except GrantRefusedError as error:
        raise CommandError(f"{error}, for the client {client_id}", code=error.code, advice=_WHERE_SECRETS_ARE) from None


def _as_person(where: SignIn, client_id: str) -> tuple[Tokens, Grant]:
    from .browser import sign_in

    tokens = sign_in(where, client_id)
    return tokens, RefreshToken(where.token_endpoint, client_id, tokens.refresh_token)


def _secret(client_id: str) -> str:
    """Never an argument: those are seen by everybody on the machine, and kept by the shell."""
    from getpass import getpass

    secret = getpass(f"Secret of the client {client_id}: ") if sys.stdin.isatty() else sys.stdin.readline()
    if not secret.strip():
        raise CommandError("no client secret was given", code="no_secret", advice=_WHERE_SECRETS_ARE)
    return secret.strip()


def _host(api: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(api).netloc.replace(":", "-") or api


def _who(context: Context) -> str:
    match context.grant:
        case ClientSecret():
            return f"program {context.grant.client_id}"
        case RefreshToken():
            return "a person"
        case None:
            return "the holder of a token"


def _facts(context: Context) -> Mapping[str, Any]:
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(context.expires_at)) if context.expires_at else ""
    return {"name": context.name, "api": context.api, "signed_in_as": _who(context), "token_until": until}


def _show_signed_in(context: Context, as_json: bool) -> None:
    if as_json:
        print_json(_facts(context))
    else:
        print(f"regulars talks to {context.api} now, as {_who(context)} (context {context.name})")
