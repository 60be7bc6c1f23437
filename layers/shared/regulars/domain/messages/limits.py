"""What a text may cost, whatever the traits hold: it neither runs for ever nor grows without end. Each is far above what a push can say."""

import sys
from typing import Any, Final

from liquid.exceptions import FilterArgumentError

MAX_OUTPUT_BYTES: Final = 16_384
"""Of a rendered text; FCM takes 4,096 of all together."""

MAX_LOCALS_BYTES: Final = 65_536
"""Of all that `assign` and `capture` keep, as `sys.getsizeof` counts."""

MAX_VALUE: Final = 65_536
"""Characters of a text, or entries of a list, that a filter takes or gives."""

MAX_NUMBER: Final = sys.float_info.max
"""What a double holds, and other readers of JSON with it."""

MAX_ROUNDS: Final = 1_000
"""Of all loops of a text together, the inner ones as often as they are gone through."""

MAX_STEPS: Final = 10_000
"""Names looked up and filters applied in a text, in loops as often as they are met."""

MAX_ENTRIES: Final = 200_000
"""Of all lists that a text prints, searches or gives to a filter, each as often as it does. Some take three microseconds for an entry."""


def refuse(message: str) -> FilterArgumentError:
    """Liquid gives it its place."""
    return FilterArgumentError(message, token=None)


def entries_in(value: Any) -> int:
    """Of a list or a map, with all that lies in it."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return 0
    return len(value) + sum(map(entries_in, value))


def within(value: Any) -> Any:
    """The value of a filter, if it is not too large."""
    if isinstance(value, (str, list)):
        if len(value) > MAX_VALUE:
            raise refuse(f"a value of {len(value)} characters or entries; at most {MAX_VALUE}")
    elif isinstance(value, (int, float)) and not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise refuse("a number that is larger than a double holds")
    return value
