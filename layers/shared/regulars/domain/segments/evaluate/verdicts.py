"""Three values: true, false, and None for unknown. https://en.wikipedia.org/wiki/Three-valued_logic#Kleene_and_Priest_logics"""

from collections.abc import Iterable

Verdict = bool | None


def both(verdicts: Iterable[Verdict]) -> Verdict:
    """False as soon as one is, else unknown if one is."""
    told = set(verdicts)
    return False if False in told else None if None in told else True


def either(verdicts: Iterable[Verdict]) -> Verdict:
    """True as soon as one is, else unknown if one is."""
    return opposite(both(map(opposite, verdicts)))


def opposite(verdict: Verdict) -> Verdict:
    return None if verdict is None else not verdict
