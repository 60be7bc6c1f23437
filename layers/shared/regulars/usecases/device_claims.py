"""One device gets one push a run, whichever shards its people fall into: each token is claimed for the run, by the message that goes to it."""

import hashlib
from collections.abc import Mapping

from regulars.ports import ClaimStore


class DeviceClaims:
    """Those of one run. Raises StoreUnavailableError."""

    def __init__(self, run_id: str, claims: ClaimStore) -> None:
        self._run_id, self._claims = run_id, claims

    def hold(self, wanted: Mapping[str, str]) -> frozenset[str]:
        """`wanted` has tokens by message id. Gives the ids of those messages that may go to theirs: the same ones however often they ask."""
        first: dict[str, str] = {}
        for message, token in wanted.items():
            first.setdefault(token, message)
        names = {self._name(token): message for token, message in first.items()}
        lost = self._claims.hold(names)
        return frozenset(message for name, message in names.items() if name not in lost)

    def _name(self, token: str) -> str:
        """Without the token itself: it is personal, and has one home."""
        return f"{self._run_id}/device/{hashlib.sha256(token.encode()).hexdigest()[:32]}"
