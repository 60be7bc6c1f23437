"""Clocks that tests set."""

from datetime import UTC, datetime, timedelta

MOMENT = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)


class MovableClock:
    def __init__(self, moment: datetime = MOMENT) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def advance(self, span: timedelta) -> None:
        self.moment += span
