"""Logs and alarms that tests make up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from regulars.domain.errors import InvalidRequestError
from regulars.domain.operations import Alarm, LogEvent, LogPage


class MemoryLogs:
    """The lines of each function, by their moments. Two lines a page, so that whoever forgets the next page is found out."""

    def __init__(self, lines: Mapping[str, Sequence[tuple[datetime, str]]] | None = None) -> None:
        self._lines = dict(lines or {})

    def functions(self) -> Sequence[str]:
        return sorted(self._lines)

    def events(self, functions: Sequence[str], *, since: datetime, page: str = "", limit: int = 1000) -> LogPage:
        if unknown := sorted(set(functions) - set(self._lines)):
            raise InvalidRequestError(f"there is no function {unknown[0]}; there are {', '.join(self.functions())}", field="function")
        if page and not page.isdigit():
            raise InvalidRequestError("is no page of these logs", field="page")
        found = [
            LogEvent(f"{function}.{place}", at, function, text)
            for function in functions
            for place, (at, text) in enumerate(self._lines[function])
            if at >= since
        ]
        start, most = int(page or 0), min(limit, 2)
        ordered = sorted(found, key=lambda event: (event.at, event.function))
        return LogPage(ordered[start : start + most], str(start + most) if start + most < len(ordered) else "")


class MemoryAlarms:
    def __init__(self, alarms: Iterable[Alarm] = ()) -> None:
        self.alarms = list(alarms)

    def all(self) -> Sequence[Alarm]:
        return sorted(self.alarms, key=lambda alarm: alarm.name)
