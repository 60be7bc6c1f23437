"""What of one person's life a rule asks about: which that is (`needs`), the statement that fetches it (`statement`), and its rows as the
`PersonHistory` that `evaluate` and `reasons` read (`rows`)."""

from regulars.domain.segments.person_history.needs import MARGIN
from regulars.domain.segments.person_history.rows import FoundPerson, person_of
from regulars.domain.segments.person_history.statement import MOST_EVENTS, history_sql, ranks_asked

__all__ = ["MARGIN", "MOST_EVENTS", "FoundPerson", "history_sql", "person_of", "ranks_asked"]
