"""Logs, alarms, dead letters and a history of queries that tests make up."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from regulars.domain.costs import Statement
from regulars.domain.dead_letters import Move, TakenLetter
from regulars.domain.errors import InfrastructureError, InvalidRequestError, QueueUnavailableError
from regulars.domain.operations import Alarm, LogEvent, LogPage
from tests.fakes.clock import MOMENT


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


class MemoryDeadLetters:
    """Letters that nobody has in hand are `waiting`, by their ids; what is moved back is in `origin`. `fail_removals`: none is removed."""

    def __init__(self, *bodies: str, attributes: Mapping[str, str] | None = None) -> None:
        self.waiting: dict[str, TakenLetter] = {}
        self.in_hand: dict[str, TakenLetter] = {}
        self.origin: list[str] = []
        self.fail_removals = False
        self._moved: Move | None = None
        for body in bodies:
            self.put(body, attributes or {})

    def put(self, body: str, attributes: Mapping[str, str] | None = None) -> str:
        """The id of the letter."""
        number = len(self.waiting) + len(self.in_hand)
        sent_at = MOMENT + timedelta(seconds=number)
        self.waiting[f"letter-{number}"] = TakenLetter(f"letter-{number}", body, f"receipt-{number}", sent_at, 1, attributes or {})
        return f"letter-{number}"

    def depth(self) -> int:
        return len(self.waiting) + len(self.in_hand)

    def take(self, limit: int) -> Sequence[TakenLetter]:
        taken = list(self.waiting.values())[:limit]
        for letter in taken:
            self.in_hand[letter.receipt] = self.waiting.pop(letter.id)
        return taken

    def give_back(self, receipts: Sequence[str]) -> None:
        for receipt in receipts:
            if letter := self.in_hand.pop(receipt, None):
                self.waiting[letter.id] = letter

    def remove(self, receipts: Sequence[str]) -> None:
        if self.fail_removals and receipts:
            raise QueueUnavailableError("the queue of dead letters keeps 1: it is a test")
        for receipt in receipts:
            self.in_hand.pop(receipt, None)

    def move(self) -> Move | None:
        return self._moved

    def move_all(self) -> Move:
        moved = [letter.body for letter in self.waiting.values()]
        self.origin += moved
        self.waiting.clear()
        self._moved = Move("done", len(moved), len(moved), MOMENT)
        return self._moved


class MemoryQueryHistory:
    """These statements, given in whatever order; `asked` counts how many were taken."""

    def __init__(self, *statements: Statement) -> None:
        self.kept = list(statements)
        self.asked = 0

    def statements(self) -> Iterator[Statement]:
        for each in sorted(self.kept, key=lambda each: each.at, reverse=True):
            self.asked += 1
            yield each


class MemoryQueueAges:
    """`refuses` is raised in place of an answer."""

    def __init__(self, ages: Mapping[str, timedelta] | None = None) -> None:
        self.ages = dict(ages or {})
        self.refuses: InfrastructureError | None = None

    def oldest(self, now: datetime) -> Mapping[str, timedelta]:
        if self.refuses is not None:
            raise self.refuses
        return self.ages
