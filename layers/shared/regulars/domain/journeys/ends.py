"""Why a run ended: for a reason of its own, or because its way or the journey did."""

from typing import Final

from regulars.domain.journeys.state import Move
from regulars.domain.journeys.step import GONE, STOPPED
from regulars.domain.journeys.walk import DONE, TOO_MANY_STEPS

_OTHER_ENDS: Final = frozenset({DONE, TOO_MANY_STEPS, GONE, STOPPED})


def is_exit(move: Move) -> bool:
    """Whether they left by an exit, on a way that leads to an `exit` step, or because they began anew. Whoever came to the end of their way, or was
    put out, did not."""
    return move.kind == "left" and move.because not in _OTHER_ENDS
