"""Yes and no as JSON has them."""

from typing import Final

_WORDS: Final = {"true": True, "yes": True, "y": True, "on": True, "1": True, "false": False, "no": False, "n": False, "off": False, "0": False}


def boolean(value: str | int | float) -> bool | None:
    """`"Yes"`, `"on"`, `"1"` and `1` as true, their opposites as false; None for anything else."""
    return _WORDS.get(str(value).lower())
