"""The command line. Only what every command needs is imported here: `regulars --help` must answer at once."""

import typer

from . import campaign, lookup, segment
from .command import api_command
from .demo import demo
from .flush import flush
from .up import up

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Regulars turns first-time visitors into regulars.",
    rich_markup_mode=None,  # rich's help takes 0.25 s to import
    # A traceback is for us: what people must know is raised as a CommandError.
    pretty_exceptions_enable=False,
)
app.command("up")(up)
app.command("demo")(demo)
api_command(app, "flush")(flush)
app.add_typer(segment.group, name="segment")
app.add_typer(campaign.group, name="campaign")
app.add_typer(lookup.profile, name="profile")
app.add_typer(lookup.quarantine, name="quarantine")


def main() -> None:
    """The entry point that pyproject.toml names."""
    app()


if __name__ == "__main__":
    main()
