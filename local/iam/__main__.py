"""`python -m local.iam`: plays the story on a platform of its own, and prints which grants it needs, and why the others stay."""

import sys

from rich.console import Console
from rich.table import Table

from local.iam.grants import Account, account
from local.iam.story import Story
from local.iam.unneeded import REASONS
from local.platform import DEFAULT_PORT, Platform
from local.ports import first_free_port

WIDTH = 200
"""Columns, where no terminal says how many there are."""


def main() -> int:
    """Exit status 1 for a grant that nothing needs without a reason, or a reason too many."""
    with Platform.start(port=first_free_port(DEFAULT_PORT + 100)) as platform:
        Story(platform).tell()
        found = account(platform.authority, REASONS)
    _print(found)
    return 1 if found.needless or found.mistaken else 0


def _print(found: Account) -> None:
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    table = Table("grant", "needed by the story, or why it stays")
    for grant in sorted(found.needed):
        table.add_row(str(grant), "needed")
    for name, reason in found.excused.items():
        table.add_row(name, reason)
    for name in found.needless:
        table.add_row(name, "[red]nothing needs it, and local/iam/unneeded.py has no reason[/red]")
    for name in found.mistaken:
        table.add_row(name, "[red]local/iam/unneeded.py has a reason, but it is needed or not there[/red]")
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
