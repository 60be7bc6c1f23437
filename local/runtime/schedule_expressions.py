"""rate(..), cron(..) and at(..): when is the next time? By the rules of a campaign's own schedule (`regulars.domain.campaigns`).

docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html. A local time that a change of clocks skips is skipped; one that it repeats
counts once.
"""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from regulars.domain.campaigns.cron import read_cron
from regulars.domain.campaigns.schedule import Schedule
from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import Value


class BadExpressionError(ValueError):
    """Not a schedule expression, or one that the local cloud cannot honour."""


def next_time(expression: str, timezone: str, after: datetime) -> datetime | None:
    """The first moment later than `after` (aware), in UTC; None when there is none. Raises BadExpressionError.

    A rate counts from `after`, which so is when it fired last.
    """
    match = re.fullmatch(r"(rate|cron|at)\((.*)\)", expression.strip())
    if match is None:
        raise BadExpressionError(f"{expression!r} is none of rate(..), cron(..), at(..)")
    kind, text = match.groups()
    if kind == "rate":
        return after.astimezone(UTC) + interval(text)
    if kind == "at":
        moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
        return moment if moment > after else None
    try:
        schedule = Schedule(read_cron(Value(text, InvalidRequestError)), timezone)
    except InvalidRequestError as error:
        raise BadExpressionError(f"{expression}: {error}") from error
    found = schedule.next(after)
    return found.at if found else None


def interval(text: str) -> timedelta:
    """Of a rate. Raises BadExpressionError."""
    match = re.fullmatch(r"([1-9]\d*) (minute|hour|day)s?", text.strip())
    if match is None:
        raise BadExpressionError(f"rate({text}): a number and minutes, hours or days")
    return timedelta(**{match[2] + "s": int(match[1])})
