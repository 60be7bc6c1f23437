"""The command line's entry point in a checkout, under the name that the wheel gives to cli/ (pyproject.toml)."""

from cli.main import main

__all__ = ["main"]
