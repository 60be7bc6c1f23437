"""Spans as documents write them."""

from datetime import timedelta
from typing import Final

_UNITS: Final = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def written(span: timedelta) -> str:
    """`1d 4h 30m`, to the second; `0` for none."""
    seconds = round(span.total_seconds())
    sign, left = ("-", -seconds) if seconds < 0 else ("", seconds)
    parts = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        parts += [f"{count}{unit}"] if count else []
    return sign + (" ".join(parts) or "0")
