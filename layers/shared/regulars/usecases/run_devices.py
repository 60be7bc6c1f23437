"""One device gets one push a run, whichever shards its people fall into.

    the target is the one that the lake knew       it is this recipient's alone: the run's SQL gives each target to one (campaigns/audience.py)
    it is newer, and another recipient's           that one has it: this one is skipped
    it is newer, and nobody's in the lake          whoever claims it first for the run has it

Newer targets are rare, so nearly no push costs a claim; the first one of a call costs a look through the shards.
"""

from collections.abc import Callable, Container
from functools import cached_property

from regulars.domain.delivery.decision import Ready
from regulars.domain.delivery.recipients import fingerprint
from regulars.ports import ClaimStore


class RunDevices:
    """Those of one run. `known` gives the fingerprints of all targets that the lake knew of its recipients. Raises StoreUnavailableError."""

    def __init__(self, run_id: str, *, known: Callable[[], Container[str]], claims: ClaimStore) -> None:
        self._run_id, self._read_known, self._claims = run_id, known, claims

    def belongs_to(self, ready: Ready, message_id: str) -> bool:
        """Whether the message may go to its target. However often the same message asks, the answer is the same."""
        mark, address = fingerprint(ready.target.value), ready.recipient.address
        if address is not None and mark == address.fingerprint:
            return True
        return mark not in self._known and self._claims.hold(f"{self._run_id}/device/{mark}", holder=message_id)

    @cached_property
    def _known(self) -> Container[str]:
        return self._read_known()
