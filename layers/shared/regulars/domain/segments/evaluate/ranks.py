"""How a person stands among all others."""

from regulars.domain.segments.evaluate.history import Standing
from regulars.domain.segments.evaluate.verdicts import Verdict
from regulars.domain.segments.measure import Rank


def stands(rank: Rank, standing: Standing | None) -> Verdict:
    """Unknown of whoever has no place, or where nobody says which."""
    if standing is None:
        return None
    return (standing.place <= edge_of(rank, standing.people)) is (rank.which == "top")


def edge_of(rank: Rank, people: int) -> int:
    """The last place that is counted to the top."""
    tenths = rank.tenths if rank.which == "top" else 1000 - rank.tenths
    return -(-tenths * people // 1000)
