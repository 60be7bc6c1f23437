"""What decided a clause, piece by piece."""

from dataclasses import dataclass
from datetime import datetime

from regulars.domain.language.wording import MISSING, kind
from regulars.domain.segments.evaluate.json_texts import Spelled
from regulars.domain.segments.phrases import quoted

_LONGEST = 200
"""Characters of a value that are shown."""


@dataclass(frozen=True)
class Evidence:
    """`text` says it. Where it is one event, `message_id` and `at` are its, and `value` is what was read in it, as JSON."""

    text: str
    message_id: str | None = None
    at: datetime | None = None
    value: str | None = None


def shown_value(value: object) -> str:
    """As JSON spells it, shortened; lists and objects by their kind."""
    match value:
        case bool():
            return "true" if value else "false"
        case Spelled():
            return str(value)
        case str():
            return quoted(value if len(value) <= _LONGEST else f"{value[:_LONGEST]}...")
        case None:
            return "null"
        case _:
            return "absent" if value is MISSING else kind(value)
